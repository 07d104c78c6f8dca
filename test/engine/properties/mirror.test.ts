import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BacktestInput } from '../../../src/engine/backtest.ts';
import { type Bar, TIMEFRAME_MS, type Timeframe } from '../../../src/engine/bar.ts';
import type { Replay } from '../../../src/engine/replay.ts';
import type { Trade } from '../../../src/engine/result.ts';
import type { Settings } from '../../../src/engine/settings.ts';
import { inputOf, randomWalk, START_MS, triggerWith } from '../../support/bars.ts';
import { turnedPrices } from '../../support/price-changes.ts';
import { expectSame, expectSeen, forCases, PROPERTY_TIMEOUT_MS } from '../../support/property-cases.ts';
import { replayOf } from '../../support/replay-of.ts';

/**
 * A rule and what it becomes when every price p is 2c − p. Prices lie on a grid of 1/16, where that is exact; only columns that move
 * with the price or turn with it are named, and the volume of the mirrored bars is 1 − volume.
 */
const RULES = [
  ['close crosses_above sma_short', 'close crosses_below sma_short'],
  ['close crosses_below sma_short', 'close crosses_above sma_short'],
  ['volume > 0.7 and close > open', 'volume < 0.3 and close < open'],
  ['close > donchian_high or low < low[2] - 1.0007 * atr', 'close < donchian_low or high > high[2] + 1.0007 * atr'],
  ['rsi < 30.001', 'rsi > 69.999'],
  ['macd_hist > 0.001 and volume < 0.6', 'macd_hist < -0.001 and volume > 0.4'],
  ['high > bb_upper', 'low < bb_lower'],
  ['adx > 25.001 and close < ema_fast - 0.001', 'adx > 25.001 and close > ema_fast + 0.001'],
  ['not (close >= sma_short[1]) and close - open < 0', 'not (close <= sma_short[1]) and close - open > 0'],
] as const;

const TIMEFRAMES = [
  ['5m', '15m'],
  ['4h', '1d'],
] as const satisfies readonly (readonly [Timeframe, ...Timeframe[]])[];

const CASES = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  timeframes: fc.constantFrom(...TIMEFRAMES),
  barCount: fc.integer({ min: 25, max: 45 }),
  symbolCount: fc.constantFrom(1, 2),
  missing: fc.constantFrom(0, 0.15),
  rules: fc.tuple(...[1, 2, 3, 4].map(() => fc.constantFrom(...RULES))),
  /** Of several bars together the volume is not what is left to 1. */
  higherRule: fc.constantFrom(...RULES.filter(([rule]) => !rule.includes('volume'))),
  /** Levels off the grid: at a level that is reached exactly, rounding may tell up from down. */
  atrMultiple: fc.constantFrom(1.0003, 2.5003),
  targetMultiple: fc.constantFrom(null, 1, 2),
  holdBars: fc.constantFrom(0, 2),
  cooldownBars: fc.constantFrom(0, 1),
  walkAway: fc.boolean(),
});

const CASH = 1e9;

/** Twice the height of the mirror: prices near 128 stay near 128. */
const TWICE_THE_MIRROR = 256;

describe('a market upside down', { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it('makes the same money, free of costs, with longs and shorts and every rule mirrored', async () => {
    const seen = await forCases(CASES, 20_250_200, (made, note) => {
      const wanted = replayOf(runOf(made, 'upright'));
      const mirrored = replayOf(runOf(made, 'mirrored'));
      if (dependsOnPrice(wanted) || dependsOnPrice(mirrored)) return note('left out');

      expectSame(
        mirrored.trades.map((trade) => described(trade, trade.side === 'long' ? 'short' : 'long')),
        wanted.trades.map((trade) => described(trade, trade.side)),
        'trades',
      );
      expectSame(mirrored.blocks, wanted.blocks, 'blocks');
      expectSame(mirrored.timesMs, wanted.timesMs, 'times');
      wanted.equity.forEach((marked, index) => {
        // What is rounded on the way, the step of 1e-8 among millions of units included, stays far below this.
        if (Math.abs((mirrored.equity[index] as number) - marked) > 1e-9 * CASH) expect(mirrored.equity[index]).toBe(marked);
      });
      for (const { side, exit_reason } of wanted.trades) {
        note(side);
        note(exit_reason);
      }
    });

    expectSeen(seen, { long: 1_500, short: 1_500, stop: 600, target: 250, exit_rule: 1_000, reversal: 800, walk_away: 100 });
  });
});

type Made = typeof CASES extends fc.Arbitrary<infer Value> ? Value : never;

function runOf(made: Made, way: 'upright' | 'mirrored'): BacktestInput {
  const { timeframes, symbolCount, barCount, seed, missing } = made;
  const [base] = timeframes;
  const startMs = START_MS - 10 * TIMEFRAME_MS[base];
  const symbols = ['BTC-USD', 'ETH-USD'].slice(0, symbolCount);
  const walk = (index: number) =>
    randomWalk({ seed: seed + index, barCount, startPrice: 128, movePct: 2, missing, jumps: 0.1, startMs, timeframe: base }).map(
      onSixteenths,
    );
  const input = inputOf({
    bars: Object.fromEntries(symbols.map((symbol, index) => [symbol, walk(index)])),
    triggers: symbols.flatMap((symbol) => triggersOn(symbol, made, way)),
    settings: settingsOf(made),
    input: { timeframes },
  });
  if (way === 'upright') return input;
  const markets = input.markets.map((market) => ({
    ...market,
    candles: turnedPrices(market.candles, (price) => TWICE_THE_MIRROR - price),
  }));
  return { ...input, markets };
}

/** Stops and targets in ATRs: a percentage of a price is another distance upside down. */
function triggersOn(
  symbol: string,
  { timeframes, rules, higherRule, atrMultiple, targetMultiple }: Made,
  way: 'upright' | 'mirrored',
): ReturnType<typeof triggerWith>[] {
  const [base, higher] = timeframes;
  const turned = way === 'upright' ? 0 : 1;
  const [long, short] = way === 'upright' ? ['long', 'short'] : ['short', 'long'];
  const stop = { kind: 'atr', multiple: atrMultiple };
  const target = targetMultiple === null ? null : { kind: 'r', multiple: targetMultiple };
  const common = { symbol, timeframe: base, stop, target } as const;
  return [
    triggerWith({ ...common, id: `${symbol}-one`, side: long, entry: rules[0]?.[turned], exit: rules[1]?.[turned] }),
    triggerWith({ ...common, id: `${symbol}-two`, side: short, entry: rules[2]?.[turned], exit: rules[3]?.[turned], grade: 'A' }),
    triggerWith({ ...common, id: `${symbol}-higher`, timeframe: higher, side: long, entry: higherRule[turned], grade: 'C' }),
  ];
}

/** Every cap slack, nothing that costs, and the price gate at less than a sixteenth: percentages of prices would tell up from down. */
function settingsOf({ holdBars, cooldownBars, walkAway }: Made): Partial<Settings> {
  return {
    initial_cash: CASH,
    max_position_risk_pct: 1,
    max_portfolio_exposure_pct: 500,
    min_hold_bars: holdBars,
    trade_cooldown_bars: cooldownBars,
    indicator_mode: 'custom',
    custom_indicator_periods: {
      sma_short: 4,
      ema_fast: 3,
      rsi: 4,
      atr: 3,
      macd_fast: 3,
      macd_slow: 6,
      macd_signal: 3,
      bb: 5,
      donchian: 5,
      adx: 4,
    },
    walk_away_enabled: walkAway,
    walk_away_profit_target_pct: 5,
    walk_away_loss_limit_pct: 1.003,
  };
}

/** The caps of the notional and liquidations measure in shares of the price. */
function dependsOnPrice({ events, blocks }: Replay): boolean {
  const isCapped = events.some(({ cap, kind }) => cap === 'symbol_exposure' || cap === 'portfolio_exposure' || kind === 'liquidated');
  return isCapped || [...blocks.values()].some((counts) => counts.symbol_exposure !== undefined || counts.portfolio_exposure !== undefined);
}

function onSixteenths({ openTimeMs, open, high, low, close, volume }: Bar): Bar {
  const near = (price: number) => Math.round(price * 16) / 16;
  return { openTimeMs, open: near(open), high: near(high), low: near(low), close: near(close), volume };
}

function described({ symbol, trigger_id, entry_time, exit_time, exit_reason }: Trade, side: Trade['side']): unknown {
  return [symbol, trigger_id, side, entry_time, exit_time, exit_reason];
}
