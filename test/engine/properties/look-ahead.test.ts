import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { BacktestInput } from '../../../src/engine/backtest.ts';
import { CANDLE_COLUMNS, type Candles, firstBarFrom, sliceCandles } from '../../../src/engine/candles.ts';
import { generatedRuns } from '../../support/generated-runs.ts';
import { turnedPrices } from '../../support/price-changes.ts';
import { expectSame, expectSeen, forCases, PROPERTY_TIMEOUT_MS } from '../../support/property-cases.ts';
import { replayOf } from '../../support/replay-of.ts';
import { stepThrough } from '../../support/step-through.ts';

const CASES = fc.record({ input: generatedRuns({ min: 20, max: 40 }), share: fc.double({ min: 0.2, max: 1, noNaN: true }) });

describe('what comes before a cut', { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it('does not change when the future is cut off, to the last bit of the state', async () => {
    const seen = await forCases(CASES, 20_250_120, ({ input, share }, note) => {
      const cutMs = timeAt(input, share);
      const known = withCandles(input, (candles) => before(candles, cutMs));
      const early = replayOf(known);
      const whole = replayOf(input);

      expectSame(stepThrough(known), stepThrough(input, { untilMs: cutMs }), 'steps');
      expectSame(whole.trades.slice(0, early.trades.length), early.trades, 'trades');
      expectSame(whole.equity.slice(0, early.equity.length), early.equity, 'equity');
      // A day that the data leave unfinished is told as it stands.
      const events = early.events.at(-1)?.kind === 'walk_away_counterfactual' ? early.events.slice(0, -1) : early.events;
      expectSame(whole.events.slice(0, events.length), events, 'events');
      note('trades', early.trades.length);
      note('later trades', whole.trades.length - early.trades.length);
      note('walk-aways', early.events.filter(({ kind }) => kind === 'walk_away').length);
    });

    expectSeen(seen, { trades: 2_000, 'later trades': 1_500, 'walk-aways': 100 });
  });

  it('does not change when another future follows', async () => {
    const seen = await forCases(CASES, 20_250_121, ({ input, share }, note) => {
      const cutMs = timeAt(input, share);
      const other = withCandles(input, (candles) => otherwiseFrom(candles, cutMs));
      const early = stepThrough(input, { untilMs: cutMs });

      expectSame(stepThrough(other, { untilMs: cutMs }), early, 'steps');
      note('trades', early.trades.length);
      if (cutMs < Number.POSITIVE_INFINITY) note('another future');
    });

    expectSeen(seen, { trades: 2_000, 'another future': 900 });
  });
});

/** An open time of the first symbol, so far through its bars. */
function timeAt({ markets, startMs }: BacktestInput, share: number): number {
  const times = markets[0]?.candles.openTimeMs ?? new Float64Array();
  const first = firstBarFrom({ openTimeMs: times } as Candles, startMs ?? 0);
  return times[Math.max(first + 1, Math.floor(share * (times.length - 1)))] ?? Number.POSITIVE_INFINITY;
}

function withCandles(input: BacktestInput, change: (candles: Candles) => Candles): BacktestInput {
  return { ...input, markets: input.markets.map((market) => ({ ...market, candles: change(market.candles) })) };
}

function before(candles: Candles, cutMs: number): Candles {
  return sliceCandles(candles, 0, firstBarFrom(candles, cutMs));
}

/** From the cut on the market goes the other way round: prices as 1 / price from there, and the signals in the volume turned. */
function otherwiseFrom(candles: Candles, cutMs: number): Candles {
  const cut = firstBarFrom(candles, cutMs);
  const pivot = candles.close[Math.max(0, cut - 1)] ?? 1;
  const turned = turnedPrices(candles, (price) => (pivot * pivot) / price);
  return Object.fromEntries(
    CANDLE_COLUMNS.map((name) => [name, candles[name].map((value, index) => (index < cut ? value : (turned[name][index] as number)))]),
  ) as Candles;
}
