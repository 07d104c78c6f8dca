import type { ReplanRequest } from './result.ts';

/** Answers a replan request with a plan as it was written, or null when there is none to be had. */
export type Planner = (request: ReplanRequest) => unknown;

/** A plan of a timeline: used by the decisions of the bars that open at `from` (ms UTC) and later. */
export type TimedPlan = { readonly from: number; readonly plan: unknown };

/** Where the plans after the first come from. A frozen timeline answers nothing that is asked: it is replayed as it was. */
export type PlanSource =
  | { readonly kind: 'none' }
  | { readonly kind: 'planner'; readonly planner: Planner }
  | { readonly kind: 'frozen'; readonly timeline: readonly TimedPlan[] };
