import type { Trigger } from '../engine/plan.ts';
import type { RuleFinding } from '../engine/plan-record.ts';
import { Refusal } from '../engine/refusal.ts';
import { type DroppedTrigger, type ValidatedPlan, validatePlan } from '../engine/validate-plan.ts';
import { sortLevels } from './level-faults.ts';
import { tidy } from './model-words.ts';
import type { PlanQuestion } from './planner.ts';
import { stopFault } from './stop-faults.ts';

export type Judgement = {
  /** Null when it cannot be used. */
  readonly validated: ValidatedPlan | null;
  readonly findings: readonly RuleFinding[];
  /** What is wrong, to be quoted to the model and shown to people. */
  readonly problems: readonly string[];
};

/** Judges what a model proposes, by more than a person's plan: also what says nothing, or cannot be traded at the prices of now, is dropped. */
export function judgePlan(proposed: unknown, { scope, inspect, snapshot }: PlanQuestion): Judgement {
  try {
    const { plan, dropped } = validatePlan(proposed, scope);
    const findings = inspect(plan);
    refuseIdleEmergency(findings);
    const faultOf = (trigger: Trigger) => alwaysFault(trigger, findings) ?? stopFault(trigger, snapshot);
    const faulty = plan.triggers.flatMap((trigger) => {
      const reason = faultOf(trigger);
      return reason === null ? [] : [{ id: trigger.id, reason }];
    });
    const triggers = plan.triggers.filter(({ id }) => !faulty.some((each) => each.id === id));
    const sorted = plan.levels === null ? { levels: null, problems: [] } : sortLevels(plan.levels, snapshot);
    // Where an id is cut, half a character may be left.
    const allDropped = [...dropped.map(({ id, reason }) => ({ id: id?.toWellFormed() ?? null, reason })), ...faulty];
    const problems = [...allDropped.map(problemOf), ...sorted.problems];
    const validated = { plan: { ...plan, triggers, levels: sorted.levels }, dropped: allDropped };
    if (triggers.length > 0 || (plan.stance === 'wait' && allDropped.length === 0)) return { validated, findings, problems };
    return {
      validated: null,
      findings,
      problems: [...problems, 'No trigger is left; when nothing should be entered, say so with stance wait'],
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { validated: null, findings: [], problems: [tidy(error.message, 1_000)] };
  }
}

function refuseIdleEmergency(findings: readonly RuleFinding[]): void {
  const emergency = findings.find(({ rule, finding }) => rule === 'emergency_exit' && finding === 'always');
  if (emergency !== undefined) throw new Refusal(`The plan is not usable: emergency_exit ${whyAlways(emergency)}`);
}

function alwaysFault({ id }: Trigger, findings: readonly RuleFinding[]): string | null {
  const found = findings.find(({ trigger_id, finding }) => trigger_id === id && finding === 'always');
  return found === undefined ? null : `${found.rule} ${whyAlways(found)}`;
}

function whyAlways({ bars, text }: RuleFinding): string {
  return `is true on each of the last ${bars} bars, so that it says nothing: ${tidy(text, 120)}`;
}

function problemOf({ id, reason }: DroppedTrigger): string {
  return `trigger ${id ?? 'without a usable id'}: ${tidy(reason)}`;
}
