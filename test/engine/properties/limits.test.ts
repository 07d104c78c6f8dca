import { describe, expect, it } from 'vitest';
import { leverageOf } from '../../../src/engine/settings.ts';
import type { Order, Position } from '../../../src/engine/state.ts';
import { generatedRuns } from '../../support/generated-runs.ts';
import { expectSame, expectSeen, forCases, PROPERTY_TIMEOUT_MS } from '../../support/property-cases.ts';
import { stepThrough } from '../../support/step-through.ts';

const RUNS = generatedRuns({ min: 20, max: 40 });

describe('an order of any run', { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it('never takes its symbol or the whole above their limits at the decision', async () => {
    const seen = await forCases(RUNS, 20_250_110, (input, note) => {
      const { settings } = input;
      const symbolShare = (leverageOf(settings) * settings.max_symbol_exposure_pct) / 100;
      const grossShare = settings.max_portfolio_exposure_pct / 100;
      stepThrough(input, {
        look: ({ state }, closeMs) => {
          let gross = 0;
          let isNew = false;
          for (const { order, position, mark } of state.symbols) {
            const held = position === null || order?.kind === 'reversal' ? 0 : position.quantity * (mark ?? 0);
            const ordered = order === null || order.kind === 'exit' ? 0 : order.quantity * (mark ?? 0);
            gross += held + ordered;
            if (order === null || order.kind === 'exit' || order.decidedAtMs !== closeMs) continue;
            isNew = true;
            note(order.kind);
            note(order.cap);
            expectAtMost(ordered, state.equity * symbolShare, 'notional of the symbol');
          }
          if (isNew) expectAtMost(gross, state.equity * grossShare, 'gross notional');
        },
      });
    });

    expectSeen(seen, { entry: 4_000, reversal: 1_000, symbol_exposure: 1_000, portfolio_exposure: 300, risk_budget: 300 });
  });

  it('changes a position only as it says: an exit ends it, whatever is held without an order stays or ends', async () => {
    const seen = await forCases(RUNS, 20_250_111, (input, note) => {
      let before: readonly { readonly order: Order | null; readonly position: Position | null }[] = [];
      stepThrough(input, {
        look: ({ state, barIndex }) => {
          state.symbols.forEach(({ position }, index) => {
            const was = before[index] ?? { order: null, position: null };
            const order = (barIndex[index] as number) < 0 ? null : was.order;
            note(order === null ? 'no order' : order.kind);
            if (position === null) return;
            const wanted = order === null ? was.position : order.kind === 'exit' ? null : order;
            expectSame(termsOf(position), termsOf(wanted), 'terms');
          });
          before = state.symbols.map(({ order, position }) => ({ order, position }));
        },
      });
    });

    expectSeen(seen, { exit: 800, entry: 4_000, reversal: 1_000, 'no order': 10_000 });
  });
});

function expectAtMost(value: number, limit: number, what: string): void {
  if (value > limit * (1 + 1e-12)) expect(value, what).toBeLessThanOrEqual(limit);
}

function termsOf(held: Pick<Position, 'direction' | 'quantity'> | null): unknown {
  return held === null ? null : [held.direction, held.quantity];
}
