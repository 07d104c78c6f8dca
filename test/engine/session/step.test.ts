import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BacktestInput } from '../../../src/engine/backtest.ts';
import { compileProgram } from '../../../src/engine/program.ts';
import { type Replay, replay } from '../../../src/engine/replay.ts';
import type { Session } from '../../../src/engine/session/session.ts';
import { validatePlan } from '../../../src/engine/validate-plan.ts';
import { START_MS } from '../../support/bars.ts';
import { GENERATED_RUNS } from '../../support/generated-runs.ts';
import { driveSession, foldLog, sessionFor, type Told } from '../../support/session-log.ts';

function forInputs(numRuns: number, check: (input: BacktestInput) => void): void {
  fc.assert(fc.property(GENERATED_RUNS, check), { seed: 20_250_107, numRuns });
}

function replayOf(input: BacktestInput): Replay {
  const plan = validatePlan(input.plan, { symbols: input.markets.map(({ symbol }) => symbol), timeframes: input.timeframes });
  return replay({ program: compileProgram(input), plan, startMs: input.startMs ?? START_MS });
}

/** What a session tells; the data of a backtest end, a session goes on: the day it is in has no end yet. */
function expectSame(told: Told, { trades, events, equity, blocks, state }: Replay): void {
  const last = told.session.account.shadow === null ? events : events.slice(0, -1);
  expect(told.events).toEqual(last);
  expect(told.trades).toEqual(trades);
  expect(told.equity).toEqual([...equity]);
  const counted = new Map<string, Record<string, number>>();
  for (const { trigger_id, reason } of told.blocks) {
    const counts = counted.get(trigger_id) ?? {};
    counts[reason] = (counts[reason] ?? 0) + 1;
    counted.set(trigger_id, counts);
  }
  expect(counted).toEqual(blocks);
  expect({ ...told.session.account, shadow: null }).toEqual({ ...state, shadow: null });
}

const throughJson = (session: Session): Session => JSON.parse(JSON.stringify(session));

describe('a session on random walks', () => {
  it.each(['simulated', 'reported'] as const)('tells what the backtest over the same bars tells, with fills %s', (fills) => {
    let trades = 0;
    forInputs(25, (input) => {
      const told = driveSession(input, { fills });
      expectSame(told, replayOf(input));
      trades += told.trades.length;
    });
    expect(trades).toBeGreaterThan(200);
  });

  it('is the fold of its log, and its own JSON between any two inputs', () => {
    let trades = 0;
    forInputs(8, (input) => {
      const told = driveSession(input, { fills: 'reported', between: throughJson });
      expectSame(told, replayOf(input));
      expect(foldLog(sessionFor(input, 'reported'), JSON.parse(JSON.stringify(told.log)))).toEqual(told.session);
      trades += told.trades.length;
    });
    expect(trades).toBeGreaterThan(60);
  });
});
