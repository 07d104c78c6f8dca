import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/engine/refusal.ts';
import type { InputOf } from '../../../src/engine/session/input.ts';
import { step } from '../../../src/engine/session/step.ts';
import { closeMs, inputOf, openMs, SYMBOL, triggerWith } from '../../support/bars.ts';
import { foldLog, sessionFor } from '../../support/session-log.ts';

const TRIGGER = triggerWith({ exit: 'volume == 2' });

const still = (index: number, volume = 0) =>
  ({ kind: 'bars', openTimeMs: openMs(index), bars: { [SYMBOL]: { open: 100, high: 100, low: 100, close: 100, volume } } }) as const;

function opening(index: number, orderId: string, quantity: number): InputOf<'fill'> {
  const prices = { price: 100, seenPrice: 100, worstPrice: 100, fee: 0 };
  const at = { timeMs: openMs(index), barOpenMs: openMs(index) };
  return { kind: 'fill', symbol: SYMBOL, orderId, side: 'open', reason: null, quantity, ...prices, ...at };
}

/** A live session that has decided to buy ten at 100. */
const DECIDED = foldLog(sessionFor(inputOf({ bars: { [SYMBOL]: [] }, triggers: [TRIGGER] }), 'reported'), [still(0, 1)]);
const ENTRY = `${SYMBOL}:${closeMs(0)}:entry`;

describe('a reported fill that opens', () => {
  it('is refused for an order to close', () => {
    const leaving = foldLog(DECIDED, [opening(1, ENTRY, 10), still(1), still(2, 2)]);
    const wrong = opening(3, `${SYMBOL}:${closeMs(2)}:exit`, 10);

    expect(() => step(leaving, wrong)).toThrow(new Refusal(`A fill opens ${SYMBOL}, but no order asked for that; name the order`));
  });

  it('is refused beyond what earlier parts left of its order', () => {
    const begun = foldLog(DECIDED, [opening(1, ENTRY, 4)]);

    expect(() => step(begun, opening(1, ENTRY, 7))).toThrow(
      new Refusal(`A fill opens 7 of ${SYMBOL}, but 6 are what is left of the order`),
    );
    expect(step(begun, opening(1, ENTRY, 6)).session.account.symbols[0]?.position?.quantity).toBe(10);
  });
});

it('a reported fill at an open at which funding is due finds it paid, and the bar does not pay it again', () => {
  const leaving = foldLog(DECIDED, [
    opening(1, ENTRY, 10),
    still(1, 2),
    { kind: 'funding', symbol: SYMBOL, dueMs: openMs(2), rate: 0.001 },
  ]);
  const half = { ...opening(2, `${SYMBOL}:${closeMs(1)}:exit`, 5), side: 'close' } as const;

  const filled = step(leaving, half);
  const closed = step(filled.session, still(2));

  expect(filled.events).toContainEqual(expect.objectContaining({ kind: 'funding', paid: 1 }));
  expect(closed.events).toEqual([]);
  expect(closed.session.account.equity).toBe(9_999);
});
