import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BacktestInput, backtest } from '../../../src/engine/backtest.ts';
import { type Bar, TIMEFRAME_MS, type Timeframe } from '../../../src/engine/bar.ts';
import { firstBarFrom, sliceCandles } from '../../../src/engine/candles.ts';
import type { RunResult } from '../../../src/engine/result.ts';
import { inputOf, randomWalk, START_MS, triggerWith } from '../../support/bars.ts';
import { expectSame, expectSeen, forCases, PROPERTY_TIMEOUT_MS } from '../../support/property-cases.ts';

/** Rules whose every column forgets: how far back it looks is how far back it is changed. On a grid of 1/16 its sums have no rounding either. */
const RULES = [
  ['close > sma_short', 'close < sma_short[2]'],
  ['close crosses_above sma_short', 'close crosses_below sma_short'],
  ['close >= donchian_high and volume > 0.2', 'close < close[3]'],
  ['volume > volume_sma', 'roc < -0.5'],
  ['close > bb_middle', 'high < sma_short or low < donchian_low'],
] as const;

const TIMEFRAMES = [
  ['5m', '15m', '1h'],
  ['1h', '4h', '1d'],
] as const satisfies readonly (readonly [Timeframe, ...Timeframe[]])[];

const CASES = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  timeframes: fc.constantFrom(...TIMEFRAMES),
  rule: fc.constantFrom(...RULES),
  higherRule: fc.constantFrom(...RULES),
  symbolCount: fc.constantFrom(1, 2),
  startBar: fc.integer({ min: 0, max: 47 }),
  moreBars: fc.integer({ min: 1, max: 40 }),
});

const TRADED_BARS = 24;
const MOST_HISTORY_BARS = 240;

describe('earlier history in front', { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it('changes nothing but the warm-up, from the bars on that the run asks for', async () => {
    const seen = await forCases(CASES, 20_250_190, ({ moreBars, ...made }, note) => {
      const { input, startMs } = longRun(made);
      const wantedBars = backtest(input).data.warm_up_bars_wanted;
      const barMs = TIMEFRAME_MS[input.timeframes[0]];
      const short = backtest(from(input, startMs - wantedBars * barMs));
      const long = backtest(from(input, startMs - (wantedBars + moreBars) * barMs));

      expect(wantedBars + moreBars, 'bars that there are').toBeLessThanOrEqual(MOST_HISTORY_BARS);
      expect([short.data.warm_up_bars, long.data.warm_up_bars]).toEqual([wantedBars, wantedBars + moreBars]);
      expectSame(whatHappened(long), whatHappened(short), 'results');
      note('trades', short.trades.length);
      if (short.trades.some(({ trigger_id }) => trigger_id.endsWith('-h'))) note('on a higher timeframe');
    });

    expectSeen(seen, { trades: 5_000, 'on a higher timeframe': 400 });
  });
});

type Made = {
  readonly seed: number;
  readonly timeframes: (typeof TIMEFRAMES)[number];
  readonly rule: readonly [entry: string, exit: string];
  readonly higherRule: readonly [entry: string, exit: string];
  readonly symbolCount: number;
  readonly startBar: number;
};

type Dated = { readonly input: BacktestInput; readonly startMs: number };

/** A run with more history than any case asks for. */
function longRun({ seed, timeframes, rule, higherRule, symbolCount, startBar }: Made): Dated {
  const [base, higher] = timeframes;
  const barMs = TIMEFRAME_MS[base];
  const startMs = START_MS + startBar * barMs;
  const symbols = ['BTC-USD', 'ETH-USD'].slice(0, symbolCount);
  const walk = (index: number) =>
    randomWalk({
      seed: seed + index,
      barCount: MOST_HISTORY_BARS + TRADED_BARS,
      movePct: 3,
      jumps: 0.1,
      startMs: startMs - MOST_HISTORY_BARS * barMs,
      timeframe: base,
    }).map(onSixteenths);
  const input = inputOf({
    bars: Object.fromEntries(symbols.map((symbol, index) => [symbol, walk(index)])),
    triggers: symbols.flatMap((symbol) => [
      triggerWith({ id: `${symbol}-b`, symbol, timeframe: base, entry: rule[0], exit: rule[1], stop: { kind: 'pct', pct: 2 } }),
      triggerWith({ id: `${symbol}-h`, symbol, timeframe: higher, side: 'short', entry: higherRule[0], exit: higherRule[1] }),
    ]),
    settings: {
      indicator_mode: 'custom',
      custom_indicator_periods: { sma_short: 4, bb: 8, donchian: 5, roc: 3, volume_sma: 4 },
      max_portfolio_exposure_pct: 300,
      taker_fee_pct: 0.05,
    },
    input: { timeframes, startMs },
  });
  return { input, startMs };
}

function onSixteenths({ openTimeMs, open, high, low, close, volume }: Bar): Bar {
  const near = (value: number) => Math.round(value * 16) / 16;
  return { openTimeMs, open: near(open), high: near(high), low: near(low), close: near(close), volume: near(volume) };
}

/** The run with the bars that open at or after a time. */
function from(input: BacktestInput, firstMs: number): BacktestInput {
  const kept = ({ candles, ...market }: BacktestInput['markets'][number]) => ({
    ...market,
    candles: sliceCandles(candles, firstBarFrom(candles, firstMs), candles.openTimeMs.length),
  });
  return { ...input, markets: input.markets.map(kept) };
}

function whatHappened({ summary, trades, open_positions, events, equity, blocks_by_trigger, data }: RunResult): unknown {
  const { warm_up_bars: _, ...rest } = data;
  return { summary, trades, open_positions, events, equity, blocks_by_trigger, data: rest };
}
