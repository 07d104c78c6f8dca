import type { RuleFinding } from '../engine/plan-record.ts';
import { validatePlan } from '../engine/validate-plan.ts';
import { planByRules } from './plan-by-rules.ts';
import type { AskForPlan } from './planner.ts';

/** The planner of a desk without a model. `why` says why there is none, for people. A trigger whose rules say nothing on the bars so far is left out. */
export function createRulePlanner(why: string): AskForPlan {
  return async ({ snapshot, scope, inspect }) => {
    const idle = new Map(inspect(validatePlan(planByRules(snapshot), scope).plan).flatMap(idleTrigger));
    const { plan, dropped } = validatePlan(planByRules(snapshot, idle), scope);
    const left = [...idle].map(([id, reason]) => ({ id, reason }));
    return {
      plan: { plan, dropped: [...dropped, ...left] },
      origin: 'rules',
      keepMs: null,
      planner: `rule-based (${why})`,
      findings: inspect(plan),
      troubles: [],
      cost: null,
    };
  };
}

/** An exit that never held is no reason: the position still has its stop and its target. */
function idleTrigger({ trigger_id, rule, finding, bars }: RuleFinding): readonly (readonly [id: string, reason: string])[] {
  if (trigger_id === null) return [];
  if (finding === 'always') return [[trigger_id, `its ${rule} held on each of the last ${bars} bars, so that it says nothing`]];
  return finding === 'never' && rule === 'entry' ? [[trigger_id, `its condition did not occur once in ${bars} bars`]] : [];
}
