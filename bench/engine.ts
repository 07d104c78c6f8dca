import { type BacktestInput, backtest } from '../src/engine/backtest.ts';
import { backtestWithEvidence } from '../src/engine/backtest-with-evidence.ts';
import { DAY_MS, MINUTE_MS } from '../src/engine/bar.ts';
import { allocateCandles, CANDLE_COLUMNS, type Candles, sliceCandles } from '../src/engine/candles.ts';
import { compare } from '../src/engine/compare.ts';
import { compareWithEvidence } from '../src/engine/comparison-outcome.ts';
import { findRunPreset } from '../src/engine/presets.ts';
import type { Market } from '../src/engine/program.ts';
import { effectiveSettings } from '../src/engine/settings.ts';
import { simulateCandles, simulateFunding } from '../src/market/simulated.ts';
import { planOfStrategy } from '../src/strategist/strategy.ts';
import { runCommonWorkload } from './common-workload.ts';
import { runHandWritten } from './hand-written-loop.ts';
import { bestMs, type Figure } from './measure.ts';

const START_MS = Date.UTC(2024, 0, 1);
const preset = findRunPreset('scalper-5m');
const settings = effectiveSettings(preset.overrides);
const LEVERAGES = [100, 150, 200, 300, 500].map((max_portfolio_exposure_pct) => ({ max_portfolio_exposure_pct }));
const labelOf = ({ max_portfolio_exposure_pct }: (typeof LEVERAGES)[number]) => `${max_portfolio_exposure_pct / 100}×`;
const FOUR_LEVERAGES = LEVERAGES.filter(({ max_portfolio_exposure_pct }) => max_portfolio_exposure_pct !== 150);

/** The engine in this process, on the simulated market. */
export function measureEngine(): readonly Figure[] {
  const year1m = candlesOf('BTC-USD', '1m', 365);
  return [...commonWorkload(year1m), memory(year1m), ...linearity(year1m), ...scalper()];
}

function commonWorkload(candles: Candles): readonly Figure[] {
  const bars = candles.close.length;
  // The first dozen runs are slower: until then the compiler is still at it.
  const handMs = bestMs(30, () => runHandWritten(candles));
  const engineMs = bestMs(30, () => runCommonWorkload(candles));
  return [
    { name: 'hand-written loop, common workload', value: millionsPerSecond(bars, handMs), unit: 'M bars/s', reference: null, ratio: null },
    {
      name: 'engine, common workload, 525,600 1m bars',
      value: millionsPerSecond(bars, engineMs),
      unit: 'M bars/s',
      reference: 'hand-written loop',
      ratio: handMs / engineMs,
    },
  ];
}

/** Cost per bar beside that of the year: 1 means that the cost is linear in the bars. */
function linearity(candles: Candles): readonly Figure[] {
  const ten = repeated(candles, 10_000_000);
  const nsPerBar = (bars: number) => (bestMs(bars > 1e6 ? 2 : 5, () => runCommonWorkload(sliceCandles(ten, 0, bars))) / bars) * 1e6;
  const whole = nsPerBar(candles.close.length);
  return [10_000, 100_000, 1_000_000, 10_000_000].map((bars) => {
    const value = nsPerBar(bars);
    return {
      name: `engine, common workload, ${bars.toLocaleString('en-US')} bars`,
      value,
      unit: 'ns/bar',
      reference: 'the year',
      ratio: value / whole,
    };
  });
}

/** The same bars again and again, one time after another. */
function repeated(candles: Candles, barCount: number): Candles {
  const many = allocateCandles(barCount);
  const yearBars = candles.close.length;
  for (const name of CANDLE_COLUMNS) {
    for (let from = 0; from < barCount; from += yearBars) many[name].set(candles[name].subarray(0, barCount - from), from);
  }
  const firstMs = candles.openTimeMs[0] as number;
  for (let index = 0; index < barCount; index++) many.openTimeMs[index] = firstMs + index * MINUTE_MS;
  return many;
}

/** What a run allocates, garbage included, beside the candles it runs over: the most that is seen, because a collection on the way hides some of it. */
function memory(candles: Candles): Figure {
  const used = () => {
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    return arrayBuffers + heapUsed;
  };
  let takenBytes = 0;
  for (let run = 0; run < 10; run++) {
    const before = used();
    runCommonWorkload(candles);
    takenBytes = Math.max(takenBytes, used() - before);
  }
  const columnBytes = CANDLE_COLUMNS.length * candles.close.length * Float64Array.BYTES_PER_ELEMENT;
  return {
    name: 'memory taken by a run of the common workload',
    value: takenBytes / 1e6,
    unit: 'MB',
    reference: 'the candle columns',
    ratio: takenBytes / columnBytes,
  };
}

function scalper(): readonly Figure[] {
  const year = marketOf('BTC-USD', 365);
  const month = [marketOf('BTC-USD', 30), marketOf('ETH-USD', 30)];
  const oneMs = bestMs(20, () => backtest(inputOf([year])));
  const fiveMs = bestMs(10, () => compare({ base: inputOf([year]), variations: LEVERAGES, labels: LEVERAGES.map(labelOf) }));
  const four = { base: inputOf([year]), variations: FOUR_LEVERAGES, labels: FOUR_LEVERAGES.map(labelOf) };
  const fourMs = bestMs(10, () => compare(four));
  const examinedMs = bestMs(10, () => backtestWithEvidence(inputOf([year])));
  const fourExaminedMs = bestMs(10, () => compareWithEvidence(four));
  return [
    { name: 'a year of 5m, scalper plan, result and hashes', value: oneMs, unit: 'ms', reference: null, ratio: null },
    {
      name: 'five leverages of it compared, base run included (goal ≤ 1.3, must < 2)',
      value: fiveMs,
      unit: 'ms',
      reference: 'one run',
      ratio: fiveMs / oneMs,
    },
    { name: 'four leverages compared', value: fourMs, unit: 'ms', reference: 'one run', ratio: fourMs / oneMs },
    { name: 'one run with its evidence', value: examinedMs, unit: 'ms', reference: 'one run', ratio: examinedMs / oneMs },
    {
      name: 'four leverages with evidence and liquidation ladder',
      value: fourExaminedMs,
      unit: 'ms',
      reference: 'one run with evidence',
      ratio: fourExaminedMs / examinedMs,
    },
    {
      name: '30 days of 5m, two symbols, three timeframes',
      value: bestMs(5, () => backtest(inputOf(month))),
      unit: 'ms',
      reference: null,
      ratio: null,
    },
  ];
}

function inputOf(markets: readonly Market[]): BacktestInput {
  const symbols = markets.map(({ symbol }) => symbol);
  const plan = planOfStrategy('aggressive_active', symbols, '5m');
  const triggers = plan.triggers.map((trigger) => ({ ...trigger, entry: `(${trigger.entry}) and close@1h > 0 and close@15m > 0` }));
  return {
    settings,
    plan: { ...plan, triggers },
    timeframes: preset.timeframes,
    instrument: 'perpetual',
    exchange: 'coinbase',
    startMs: null,
    markets,
    source: 'simulated',
    simulated: true,
  };
}

function marketOf(symbol: string, days: number): Market {
  const range = { symbol, startMs: START_MS, endMs: START_MS + days * DAY_MS, seed: 1 };
  return { symbol, candles: candlesOf(symbol, '5m', days), funding: simulateFunding(range) };
}

function candlesOf(symbol: string, timeframe: '1m' | '5m', days: number): Candles {
  return simulateCandles({ symbol, timeframe, startMs: START_MS, endMs: START_MS + days * DAY_MS, seed: 1 });
}

function millionsPerSecond(bars: number, ms: number): number {
  return bars / ms / 1_000;
}
