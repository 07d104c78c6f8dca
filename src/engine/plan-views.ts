import type { Plan } from './plan.ts';
import type { PlanRecord } from './plan-record.ts';
import type { RunResult } from './result.ts';
import type { DroppedTrigger } from './validate-plan.ts';

/** A plan of a run, or a request that brought none, as it is shown to people. */
export type PlanView = {
  /** Null where the plan before went on. */
  readonly plan: Plan | null;
  readonly dropped: readonly DroppedTrigger[];
  /** The plan that was in force; null before the first. */
  readonly before: Plan | null;
  /** Null where nobody planned: the run follows the plan that it was given. */
  readonly record: PlanRecord | null;
  /** When it was asked for, of the first plan the first bar; ms UTC. */
  readonly askedMs: number;
  /** The bars that follow it; null where the plan before goes on, and of a plan of no run. ms UTC. */
  readonly inForce: {
    readonly fromMs: number;
    readonly untilMs: number;
    /** How often the market would have asked for another one, and what kept it from that. */
    readonly heldBack: { readonly budget: number; readonly interval: number };
  } | null;
};

type Planned = Pick<RunResult, 'plans' | 'data' | 'events'>;

/** Everything that a run was planned with, in its order: each plan it followed, and each request that brought none. */
export function planViews({ plans, data, events }: Planned, records: readonly PlanRecord[]): readonly PlanView[] {
  const suppressed = events.filter(({ kind }) => kind === 'replan_suppressed');
  const inForceOf = (index: number) => {
    const [fromMs, untilMs] = [plans[index]?.from ?? data.start, plans[index + 1]?.from ?? data.end];
    const within = suppressed.filter(({ time }) => time > fromMs && time <= untilMs);
    const by = (wanted: string) => within.filter(({ reason }) => reason === wanted).length;
    return { fromMs, untilMs, heldBack: { budget: by('budget'), interval: by('interval') } };
  };
  if (records.length === 0) {
    return plans.map(({ from, plan, dropped }, index) => ({
      plan,
      dropped,
      before: plans[index - 1]?.plan ?? null,
      record: null,
      askedMs: from,
      inForce: inForceOf(index),
    }));
  }
  let followed = -1;
  return records.map((record) => {
    const before = plans[followed]?.plan ?? null;
    if (record.planHash !== null) followed += 1;
    return {
      plan: record.planHash === null ? null : (plans[followed]?.plan ?? null),
      dropped: record.dropped,
      before,
      record,
      askedMs: record.request?.time ?? data.start,
      inForce: record.planHash === null ? null : inForceOf(followed),
    };
  });
}

/** The one that was in force, or asked for last, at a time; the first where that is earlier. Counted from 1. */
export function planNumberAt(views: readonly PlanView[], timeMs: number): number {
  return Math.max(1, views.findLastIndex(({ askedMs }) => askedMs <= timeMs) + 1);
}
