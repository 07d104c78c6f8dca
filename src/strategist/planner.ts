import type { Plan } from '../engine/plan.ts';
import type { PlanCost, PlanOrigin, RuleFinding } from '../engine/plan-record.ts';
import type { PlanScope, ValidatedPlan } from '../engine/validate-plan.ts';
import type { Snapshot } from './snapshot.ts';

/** A request for a plan: what may be known, what the plan must fit, and what goes on without one. */
export type PlanQuestion = {
  readonly snapshot: Snapshot;
  readonly scope: PlanScope;
  /** The rules of a plan that say nothing on the bars so far. */
  readonly inspect: (plan: Plan) => readonly RuleFinding[];
  /** The plan in force and how long ago it was made; null before the first. */
  readonly inForce: { readonly plan: Plan; readonly ageMs: number } | null;
};

export type PlanAnswer = {
  /** What to follow from the next bar on; null: the plan in force goes on. */
  readonly plan: ValidatedPlan | null;
  readonly origin: PlanOrigin;
  /** How much longer a plan that was kept may be followed when no usable one comes; ms. Null where a plan came. */
  readonly keepMs: number | null;
  /** Who planned, for people. */
  readonly planner: string;
  readonly findings: readonly RuleFinding[];
  /** Why an answer was not used, or not as it was. */
  readonly troubles: readonly string[];
  /** Null where nothing is paid for. */
  readonly cost: PlanCost | null;
};

/** Rejects only when the signal aborts, or when something is broken on our side; whatever a model does is an answer. */
export type AskForPlan = (question: PlanQuestion, signal: AbortSignal) => Promise<PlanAnswer>;
