import { type BacktestInput, backtest } from '../src/engine/backtest.ts';
import { DAY_MS } from '../src/engine/bar.ts';
import { type Candles, sliceCandles } from '../src/engine/candles.ts';
import { compare } from '../src/engine/compare.ts';
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

/** The engine in this process, on the simulated market. */
export function measureEngine(): readonly Figure[] {
  const year1m = candlesOf('BTC-USD', '1m', 365);
  return [...commonWorkload(year1m), ...linearity(year1m), ...scalper()];
}

function commonWorkload(candles: Candles): readonly Figure[] {
  const bars = candles.close.length;
  const handMs = bestMs(7, () => runHandWritten(candles));
  const engineMs = bestMs(7, () => runCommonWorkload(candles));
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
  const nsPerBar = (bars: number) => (bestMs(5, () => runCommonWorkload(sliceCandles(candles, 0, bars))) / bars) * 1e6;
  const whole = nsPerBar(candles.close.length);
  return [10_000, 100_000].map((bars) => {
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

function scalper(): readonly Figure[] {
  const year = marketOf('BTC-USD', 365);
  const month = [marketOf('BTC-USD', 30), marketOf('ETH-USD', 30)];
  const oneMs = bestMs(3, () => backtest(inputOf([year])));
  const fiveMs = bestMs(3, () => compare({ base: inputOf([year]), variations: LEVERAGES, labels: LEVERAGES.map(labelOf) }));
  return [
    { name: 'a year of 5m, scalper plan, result and hashes', value: oneMs, unit: 'ms', reference: null, ratio: null },
    { name: 'five leverages of it compared, base run included', value: fiveMs, unit: 'ms', reference: 'one run', ratio: fiveMs / oneMs },
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
