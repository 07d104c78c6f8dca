import fc from 'fast-check';
import { describe, it } from 'vitest';
import { TIMEFRAME_MS } from '../../../src/engine/bar.ts';
import type { Session } from '../../../src/engine/session/session.ts';
import { START_MS } from '../../support/bars.ts';
import { generatedRuns } from '../../support/generated-runs.ts';
import { expectSame, expectSeen, forCases, PROPERTY_TIMEOUT_MS } from '../../support/property-cases.ts';
import { replayOf } from '../../support/replay-of.ts';
import { driveSession, foldLog, sessionFor } from '../../support/session-log.ts';
import { savedState, stepThrough } from '../../support/step-through.ts';

const CASES = fc.record({ input: generatedRuns({ min: 20, max: 40 }), barsToCut: fc.integer({ min: 1, max: 36 }) });

/** Once in a while so much history that a session's indicators go on from running numbers. */
const SESSION_RUNS = generatedRuns({
  min: 5,
  max: 11,
  warmUpBars: fc.oneof({ weight: 59, arbitrary: fc.constantFrom(0, 12) }, { weight: 1, arbitrary: fc.constant(800) }),
});

describe('going on from JSON', { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it('in the middle of a run equals never having stopped', async () => {
    const seen = await forCases(CASES, 20_250_130, ({ input, barsToCut }, note) => {
      const cutMs = (input.startMs ?? START_MS) + barsToCut * TIMEFRAME_MS[input.timeframes[0]];
      const whole = stepThrough(input);
      const first = stepThrough(input, { untilMs: cutMs });
      const isHolding = first.state.symbols.some(({ position }) => position !== null);
      const isWaiting = first.state.symbols.some(({ order }) => order !== null);
      const isAway = first.state.shadow !== null;
      const rest = stepThrough(input, { fromMs: cutMs, state: savedState(first.state) });

      expectSame(rest.state, whole.state, 'state');
      expectSame([...first.trades, ...rest.trades], whole.trades, 'trades');
      expectSame([...first.events, ...rest.events], whole.events, 'events');
      expectSame([...first.requests, ...rest.requests], whole.requests, 'requests');
      note('trades after the cut', rest.trades.length);
      if (isHolding) note('cut while holding');
      if (isWaiting) note('cut while an order waits');
      if (isAway) note('cut while away');
    });

    expectSeen(seen, { 'trades after the cut': 1_500, 'cut while holding': 200, 'cut while an order waits': 100, 'cut while away': 30 });
  });

  it('between any two inputs of a live session equals never having stopped, and its log alone gives it', async () => {
    const seen = await forCases(SESSION_RUNS, 20_250_131, (input, note) => {
      const told = driveSession(input, { fills: 'reported', between: throughJson });
      const folded = foldLog(sessionFor(input, 'reported'), told.log);
      const { trades, equity } = replayOf(input);

      expectSame(told.trades, trades, 'trades');
      expectSame(told.equity, [...equity], 'equity');
      expectSame(throughJson(folded), told.session, 'session');
      expectSame(told.session, JSON.parse(JSON.stringify(told.session)), 'JSON of the session');
      note('trades', told.trades.length);
      note('inputs', told.log.length);
      if (keepsRunningNumbers(told.session)) note('from running numbers');
      for (const { exit_reason } of told.trades) note(exit_reason);
    });

    expectSeen(seen, { trades: 1_000, inputs: 12_000, 'from running numbers': 6, stop: 200, reversal: 150, liquidation: 2 });
  });
});

function throughJson(session: Session): Session {
  return JSON.parse(JSON.stringify(session));
}

function keepsRunningNumbers({ windows, markets }: Session): boolean {
  return windows.some(({ frames }) => (frames[markets.timeframes[0]]?.statesAt ?? 0) > 0);
}
