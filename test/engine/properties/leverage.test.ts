import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BacktestInput } from '../../../src/engine/backtest.ts';
import { MARGIN_MODEL_NAMES, marginModel } from '../../../src/engine/margin.ts';
import { MARGIN_EXCHANGES } from '../../../src/engine/margin-tables.ts';
import type { EngineEvent } from '../../../src/engine/result.ts';
import { generatedRuns } from '../../support/generated-runs.ts';
import { expectSeen, forCases, PROPERTY_TIMEOUT_MS } from '../../support/property-cases.ts';
import { replayOf } from '../../support/replay-of.ts';

const ENTRIES = fc.record({
  symbol: fc.constantFrom('BTC-USD', 'SOL-USD', 'ETH-USD'),
  side: fc.constantFrom<1 | -1>(1, -1),
  entryPrice: fc.double({ min: 0.01, max: 200_000, noNaN: true }),
  notional: fc.oneof(fc.double({ min: 10, max: 1e6, noNaN: true }), fc.double({ min: 1e6, max: 4e8, noNaN: true })),
  low: fc.oneof(fc.constant(1), fc.double({ min: 1, max: 5, noNaN: true })),
  more: fc.oneof(fc.double({ min: 0, max: 4, noNaN: true }), fc.double({ min: 0, max: 60, noNaN: true })),
});

const RUNS = fc.record({
  input: generatedRuns({ min: 12, max: 24, stopPct: fc.constant(60) }),
  lowPct: fc.constantFrom(100, 200, 350),
  morePct: fc.constantFrom(50, 150),
});

describe('more leverage', { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it('never moves the liquidation of an entry further away, whatever the model and the venue', async () => {
    const seen = await forCases(ENTRIES, 20_250_160, ({ symbol, low, more, notional, ...entered }, note) => {
      const entry = { ...entered, quantity: notional / entered.entryPrice };
      for (const exchange of [...MARGIN_EXCHANGES, 'kraken']) {
        for (const name of MARGIN_MODEL_NAMES) {
          const far = marginModel(name, exchange, symbol, low).liquidationPrice(entry);
          const near = marginModel(name, exchange, symbol, low + more).liquidationPrice(entry);
          if (far === null) note('never at first');
          if (far === null || Number.isNaN(far)) continue;
          note(name);
          // No valid price at the higher leverage lies at or beyond the entry: there is no position at all.
          if (near === null || entry.side * near < entry.side * far - 1e-9 * entry.entryPrice) {
            expect.fail(`${name} ${exchange} ${symbol}: ${far} at ${low}×, but ${near} at ${low + more}× for ${JSON.stringify(entry)}`);
          }
        }
      }
    });

    expectSeen(seen, { venue: 2_000, flat: 2_000, half_initial: 2_000, 'never at first': 1_000 });
  });

  it('brings the liquidation of a run’s entry no further away and no later', async () => {
    const seen = await forCases(RUNS, 20_250_161, ({ input, lowPct, morePct }, note) => {
      const low = replayOf(atGross(input, lowPct));
      const high = replayOf(atGross(input, lowPct + morePct));
      const one = low.events.find(({ kind }) => kind === 'opened');
      const other = high.events.find(({ kind }) => kind === 'opened');
      if (one === undefined || other === undefined || !isSameEntry(one, other)) return;

      note('same entry');
      const side = one.side === 'long' ? 1 : -1;
      expect(other.liquidation_price).not.toBeNull();
      if (one.liquidation_price !== null) {
        expect(side * Number(other.liquidation_price)).toBeGreaterThanOrEqual(side * Number(one.liquidation_price) * (1 - side * 1e-12));
      }
      const isFirst = ({ symbol, entry_time }: { symbol: string; entry_time: number }) => symbol === one.symbol && entry_time === one.time;
      const slower = low.trades.find(isFirst);
      if (slower?.exit_reason !== 'liquidation') return;
      const faster = high.trades.find(isFirst);
      expect(faster?.exit_reason).toBe('liquidation');
      expect(faster?.exit_time).toBeLessThanOrEqual(slower.exit_time);
      note('liquidated');
    });

    expectSeen(seen, { 'same entry': 900, liquidated: 5 });
  });
});

/** Risk alone decides the size, so that leverage does not. */
function atGross(input: BacktestInput, max_portfolio_exposure_pct: number): BacktestInput {
  const slack = { max_position_risk_pct: 1, max_symbol_exposure_pct: 100, max_daily_risk_budget_pct: 30, walk_away_enabled: false };
  return { ...input, instrument: 'perpetual', settings: { ...input.settings, ...slack, max_portfolio_exposure_pct } };
}

function isSameEntry(one: EngineEvent, other: EngineEvent): boolean {
  return (['time', 'symbol', 'side', 'price', 'quantity'] as const).every((key) => one[key] === other[key]);
}
