import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { BacktestInput } from '../../../src/engine/backtest.ts';
import type { Replay } from '../../../src/engine/replay.ts';
import type { EngineEvent, ReplanRequest } from '../../../src/engine/result.ts';
import { planWith, triggerWith } from '../../support/bars.ts';
import { generatedRuns } from '../../support/generated-runs.ts';
import { expectSame, expectSeen, forCases, type Note, PROPERTY_TIMEOUT_MS } from '../../support/property-cases.ts';
import { replayOf } from '../../support/replay-of.ts';
import { driveSession, type Told } from '../../support/session-log.ts';

const CASES = fc.record({ input: generatedRuns({ min: 6, max: 14 }), isPlanned: fc.boolean() });

describe('a session fed bar by bar', { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it.each([
    ['on paper', 'simulated', 20_250_140],
    ['live with what the simulated broker would fill', 'reported', 20_250_141],
  ] as const)('%s tells what the backtest over the same bars tells', async (_, fills, seed) => {
    const seen = await forCases(CASES, seed, ({ input, isPlanned }, note) => {
      const planner = plannerFor(input);
      const told = driveSession(input, isPlanned ? { fills, planner } : { fills });
      const replayed = replayOf(input, isPlanned ? { kind: 'planner', planner } : { kind: 'none' });

      expectSameStory(told, replayed, fills === 'reported');
      noteWhatHappened(told, note);
    });

    expectSeen(seen, { opened: 1_200, closed: 1_000, funding: 1_000, replanned: 200, plan_failed: 50, walk_away: 30 });
    expectSeen(seen, { stop: 200, target: 200, liquidation: 2, exit_rule: 50, reversal: 150, emergency_exit: 20 });
  });
});

/** The data of a backtest end, a session goes on: the day it is in has no end yet. */
function expectSameStory(told: Told, { trades, events, equity, blocks, state }: Replay, isLive: boolean): void {
  const wanted = told.session.account.shadow === null ? events : events.slice(0, -1);
  expectSame(isLive ? plansLast(told.events) : told.events, isLive ? plansLast(wanted) : wanted, 'events');
  expectSame(told.trades, trades, 'trades');
  expectSame(told.equity, [...equity], 'equity');
  const counted = new Map<string, Record<string, number>>();
  for (const { trigger_id, reason } of told.blocks) {
    const counts = counted.get(trigger_id) ?? {};
    counts[reason] = (counts[reason] ?? 0) + 1;
    counted.set(trigger_id, counts);
  }
  expectSame(counted, blocks, 'blocks');
  expectSame({ ...told.session.account, shadow: null }, { ...state, shadow: null }, 'account');
}

/** A live session hears what filled at an open before the bar of that open, with which it follows a new plan: only the order of the telling differs. */
function plansLast(events: readonly EngineEvent[]): readonly EngineEvent[] {
  const isPlan = ({ kind }: EngineEvent) => kind === 'replanned' || kind === 'plan_failed';
  return [...events.filter((event) => !isPlan(event)), ...events.filter(isPlan)];
}

function noteWhatHappened({ events, trades }: Told, note: Note): void {
  for (const { kind } of events) note(kind);
  for (const { exit_reason } of trades) note(exit_reason);
}

/** Plans that differ in what they trade, one that is refused, and none; the request alone chooses. */
function plannerFor({ markets, timeframes }: BacktestInput): (request: ReplanRequest) => unknown {
  const [base, higher = base] = timeframes;
  const trade = (changes: Readonly<Record<string, unknown>>) =>
    markets.map(({ symbol }) => triggerWith({ id: `${symbol}-p`, symbol, timeframe: base, stop: { kind: 'pct', pct: 3 }, ...changes }));
  const plans = [
    planWith(trade({ entry: 'volume > 0.6', exit: 'close < ema_fast' })),
    planWith(trade({ timeframe: higher, side: 'short', entry: 'close < sma_short' }), { emergency_exit: 'volume > 0.9' }),
    planWith(trade({ entry: 'volume > 0.5' }), { stance: 'wait' }),
    { regime: 'nonsense' },
    null,
  ];
  return ({ time, trigger_type }) => plans[(Math.floor(time / 300_000) + trigger_type.length) % plans.length];
}
