import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/engine/refusal.ts';
import type { InputOf } from '../../../src/engine/session/input.ts';
import { orderId } from '../../../src/engine/session/intent.ts';
import type { Session } from '../../../src/engine/session/session.ts';
import { step } from '../../../src/engine/session/step.ts';
import type { Order, Position } from '../../../src/engine/state.ts';
import { generatedRuns } from '../../support/generated-runs.ts';
import { expectSeen, forCases, type Note, PROPERTY_TIMEOUT_MS } from '../../support/property-cases.ts';
import { driveSession } from '../../support/session-log.ts';

const RUNS = generatedRuns({ min: 5, max: 11, warmUpBars: fc.constant(0) });

describe('an exit that waits at a venue', { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it('is filled in parts that leave less of the same side, and by nothing that would open', async () => {
    const seen = await forCases(RUNS, 20_250_210, (input, note) => {
      const told = driveSession(input, {
        fills: 'reported',
        between: (session) => {
          session.markets.symbols.forEach((symbol, index) => {
            const { order, position } = session.account.symbols[index] ?? { order: null, position: null };
            if (order?.kind === 'exit' && position !== null) expectReduceOnly({ session, symbol, index, order, position }, note);
          });
          return session;
        },
      });
      note('trades', told.trades.length);
    });

    expectSeen(seen, { long: 80, short: 60, trades: 1_000 });
  });
});

type Exiting = {
  readonly session: Session;
  readonly symbol: string;
  readonly index: number;
  readonly order: Order;
  readonly position: Position;
};

function expectReduceOnly(exiting: Exiting, note: Note): void {
  const { session, index, position } = exiting;
  const { direction, quantity } = position;

  const left = step(session, fillOf(exiting, quantity / 3, 'close')).session.account.symbols[index]?.position ?? null;
  if (left !== null && (left.direction !== direction || left.quantity >= quantity)) expect(left).toBe('less of the same side');
  expect(step(session, fillOf(exiting, quantity, 'close')).session.account.symbols[index]).toMatchObject({ position: null, order: null });
  expect(() => step(session, fillOf(exiting, quantity * 1.5, 'close'))).toThrow(Refusal);
  expect(() => step(session, fillOf(exiting, quantity / 3, 'open'))).toThrow(Refusal);
  note(direction === 1 ? 'long' : 'short');
}

function fillOf({ symbol, order, position }: Exiting, quantity: number, side: 'open' | 'close'): InputOf<'fill'> {
  const { entryPrice: price } = position;
  const timeMs = order.decidedAtMs;
  const when = { timeMs, barOpenMs: timeMs } as const;
  return {
    kind: 'fill',
    ...when,
    symbol,
    orderId: orderId(symbol, order),
    side,
    reason: null,
    price,
    seenPrice: price,
    worstPrice: price,
    quantity,
    fee: 0,
  };
}
