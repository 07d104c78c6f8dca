import { expect, it } from 'vitest';
import type { Session } from '../../../src/engine/session/session.ts';
import { barsFromRows, inputOf, SYMBOL, still } from '../../support/bars.ts';
import { driveSession } from '../../support/session-log.ts';

const throughJson = (session: Session): Session => JSON.parse(JSON.stringify(session));

it('a session that walked away carries on in its shadow from one input to the next, also through JSON', () => {
  const rows = [still(100, 1), still(100), still(106), still(108), still(112), still(112)];
  const input = inputOf({
    bars: { [SYMBOL]: barsFromRows(rows, { startMs: Date.UTC(2025, 0, 6, 23, 35) }) },
    settings: { walk_away_enabled: true, walk_away_profit_target_pct: 5, max_position_risk_pct: 10 },
  });

  const { events } = driveSession(input, { fills: 'simulated', between: throughJson });

  expect(
    events.filter(({ kind }) => kind === 'walk_away_counterfactual'),
    'away at 106, out at 108, 112 at midnight',
  ).toEqual([
    expect.objectContaining({
      stopped_at_pct: expect.closeTo(6, 9),
      day_ended_pct: expect.closeTo(8, 9),
      would_have_ended_pct: expect.closeTo(12, 9),
    }),
  ]);
});
