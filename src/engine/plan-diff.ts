import { canonicalJson } from './hash.ts';
import type { Plan, Trigger } from './plan.ts';

/** What a new plan changes, by the ids of its triggers. */
export type PlanDiff = {
  readonly added: readonly Trigger[];
  readonly removed: readonly Trigger[];
  readonly changed: readonly { readonly from: Trigger; readonly to: Trigger }[];
  readonly unchanged: number;
  /** Regime, stance and emergency exit that are not what they were. */
  readonly terms: readonly {
    readonly name: 'regime' | 'stance' | 'emergency_exit';
    readonly from: string | null;
    readonly to: string | null;
  }[];
};

const TERMS = ['regime', 'stance', 'emergency_exit'] as const;

export function diffPlans(before: Plan, after: Plan): PlanDiff {
  const known = new Map(before.triggers.map((trigger) => [trigger.id, trigger]));
  const kept = after.triggers.flatMap((to) => {
    const from = known.get(to.id);
    return from === undefined ? [] : [{ from, to }];
  });
  const changed = kept.filter(({ from, to }) => canonicalJson(from) !== canonicalJson(to));
  const ids = new Set(after.triggers.map(({ id }) => id));
  return {
    added: after.triggers.filter(({ id }) => !known.has(id)),
    removed: before.triggers.filter(({ id }) => !ids.has(id)),
    changed,
    unchanged: kept.length - changed.length,
    terms: TERMS.filter((name) => before[name] !== after[name]).map((name) => ({ name, from: before[name], to: after[name] })),
  };
}
