import { describe, expect, it } from 'vitest';
import type { OrderIntent } from '../../../src/engine/session/intent.ts';
import { step } from '../../../src/engine/session/step.ts';
import { barsFromRows, closeMs, inputOf, type Row, SYMBOL, still, triggerWith } from '../../support/bars.ts';
import { driveSession, sessionFor } from '../../support/session-log.ts';

const LONG = triggerWith({ exit: 'volume == 2', target: { kind: 'pct', pct: 20 } });
const SHORT = triggerWith({ id: 'short', side: 'short', entry: 'volume == 3', exit: 'volume == 2' });

/** What a live session asks of its venue, which fills every order at the next open. */
function intentsOf(rows: readonly Row[]): readonly OrderIntent[] {
  const input = inputOf({ bars: { [SYMBOL]: barsFromRows(rows) }, triggers: [LONG, SHORT], settings: { max_position_risk_pct: 5 } });
  const intents: OrderIntent[] = [];
  driveSession(input, { fills: 'reported' }).log.reduce(
    (session, next) => {
      const after = step(session, next);
      intents.push(...after.intents);
      return after.session;
    },
    sessionFor(input, 'reported'),
  );
  return intents;
}

describe('the order that a live session sends', () => {
  it('buys for a long and sells for a short, with the stop and the target of the decision', () => {
    const entry = { kind: 'place', symbol: SYMBOL, quantity: 50, reduce_only: false, reason: 'entry', decided_at: closeMs(0) };

    expect(intentsOf([still(100, 1), still(100)])).toEqual([
      { ...entry, id: `${SYMBOL}:${closeMs(0)}:entry`, side: 'buy', stop: 90, target: 120 },
    ]);
    expect(intentsOf([still(100, 3), still(100)])).toEqual([
      { ...entry, id: `${SYMBOL}:${closeMs(0)}:entry`, side: 'sell', stop: 110, target: null },
    ]);
  });

  it('to close sells what is held of a long, buys what is held of a short, and may not open', () => {
    const exit = { kind: 'place', symbol: SYMBOL, quantity: 50, reduce_only: true, reason: 'exit_rule', stop: null, target: null };
    const [, ofLong] = intentsOf([still(100, 1), still(100), still(100, 2), still(100)]);
    const [, ofShort] = intentsOf([still(100, 3), still(100), still(100, 2), still(100)]);

    expect(ofLong).toEqual({ ...exit, id: `${SYMBOL}:${closeMs(2)}:exit`, side: 'sell', decided_at: closeMs(2) });
    expect(ofShort).toEqual({ ...exit, id: `${SYMBOL}:${closeMs(2)}:exit`, side: 'buy', decided_at: closeMs(2) });
  });

  it('to reverse is one that closes what is held and opens the other side', () => {
    const [entry, reversal, ...more] = intentsOf([still(100, 1), still(100), still(100, 3), still(100)]);

    expect(entry).toEqual(expect.objectContaining({ side: 'buy', quantity: 50 }));
    expect(reversal).toEqual(
      expect.objectContaining({ side: 'sell', quantity: 100, reduce_only: false, reason: 'reversal', stop: 110, target: null }),
    );
    expect(more).toEqual([]);
  });
});
