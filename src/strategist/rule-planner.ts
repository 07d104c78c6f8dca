import { validatePlan } from '../engine/validate-plan.ts';
import { planByRules } from './plan-by-rules.ts';
import type { AskForPlan } from './planner.ts';

/** The planner of a desk without a model. `why` says why there is none, for people. */
export function createRulePlanner(why: string): AskForPlan {
  return async ({ snapshot, scope, inspect }) => {
    const plan = validatePlan(planByRules(snapshot), scope);
    return { plan, origin: 'rules', planner: `rule-based (${why})`, findings: inspect(plan.plan), troubles: [], cost: null };
  };
}
