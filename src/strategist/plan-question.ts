import type { PlanQuestion } from './planner.ts';
import { findIdleRules, type InspectedMarket } from './rule-findings.ts';
import { readSnapshot, type SnapshotInput } from './snapshot.ts';
import type { SnapshotMarket } from './symbol-view.ts';

export type QuestionInput = Omit<SnapshotInput, 'markets'> & {
  readonly markets: readonly (SnapshotMarket & InspectedMarket)[];
  /** How long ago the plan in force was made; ms. */
  readonly planAgeMs: number;
};

/** The question that goes with a market and an account as they are at a close. */
export function planQuestion({ planAgeMs, ...input }: QuestionInput): PlanQuestion {
  const { markets, timeframes, plan } = input;
  return {
    snapshot: readSnapshot(input),
    scope: { symbols: markets.map(({ symbol }) => symbol), timeframes },
    inspect: (asked) => findIdleRules(asked, markets, timeframes[0]),
    inForce: plan === null ? null : { plan, ageMs: planAgeMs },
  };
}
