import type { Plan } from '../engine/plan.ts';
import type { PlanScope, ValidatedPlan } from '../engine/validate-plan.ts';
import type { RuleFinding } from './rule-findings.ts';
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

export type TokenUsage = {
  readonly input: number;
  /** Of the input, what the model's server had cached. */
  readonly cached_input: number;
  readonly output: number;
  /** Of the output, what was thought and not written. */
  readonly reasoning: number;
};

export type PlanCost = {
  /** What the plan cost when it was made. */
  readonly usage: TokenUsage;
  /** Null when the price of the model is not known. */
  readonly usd: number | null;
  /** How often the model was asked just now; 0 when every answer was on record. */
  readonly calls: number;
};

export type PlanAnswer = {
  /** What to follow from the next bar on; null: the plan in force goes on. */
  readonly plan: ValidatedPlan | null;
  /** `kept`: no usable plan came and the last one is young enough; `none`: it is not, so that nothing may be entered. */
  readonly origin: 'model' | 'rules' | 'kept' | 'none';
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
