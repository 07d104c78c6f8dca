import type { Timeframe } from './bar.ts';
import { type Plan, proposedPlanSchema, type Trigger, triggerSchema } from './plan.ts';
import { Refusal } from './refusal.ts';
import { checkRule } from './rules/check-rule.ts';
import { parseRule } from './rules/parse-rule.ts';

/** The market a plan must fit: the symbols of the run and its timeframes, base first. */
export type PlanScope = { readonly symbols: readonly string[]; readonly timeframes: readonly Timeframe[] };

export type DroppedTrigger = { readonly id: string | null; readonly reason: string };

export type ValidatedPlan = { readonly plan: Plan; readonly dropped: readonly DroppedTrigger[] };

/**
 * Judges a plan trigger by trigger: a bad trigger is dropped with its reason and the others live, a repeated id
 * drops the later one. A bad envelope or a bad emergency_exit refuses the plan whole.
 */
export function validatePlan(proposed: unknown, scope: PlanScope): ValidatedPlan {
  const envelope = proposedPlanSchema.safeParse(proposed);
  if (!envelope.success) throw new Refusal(`The plan is not usable: ${describeIssues(envelope.error.issues)}`);
  refuseBadEmergencyExit(envelope.data.emergency_exit, scope);

  const triggers: Trigger[] = [];
  const dropped: DroppedTrigger[] = [];
  for (const candidate of envelope.data.triggers) {
    const judged = judgeTrigger(candidate, scope, triggers);
    if ('reason' in judged) dropped.push(judged);
    else triggers.push(judged);
  }
  return { plan: { ...envelope.data, triggers }, dropped };
}

function judgeTrigger(candidate: unknown, scope: PlanScope, accepted: readonly Trigger[]): Trigger | DroppedTrigger {
  const parsed = triggerSchema.safeParse(candidate);
  if (!parsed.success) return { id: idOf(candidate), reason: describeIssues(parsed.error.issues) };
  const trigger = parsed.data;
  const reason =
    (accepted.some(({ id }) => id === trigger.id) ? 'the id is taken by an earlier trigger' : null) ??
    (scope.symbols.includes(trigger.symbol) ? null : `symbol ${trigger.symbol} is not in the run (${scope.symbols.join(', ')})`) ??
    (scope.timeframes.includes(trigger.timeframe)
      ? null
      : `timeframe ${trigger.timeframe} is not in the run (${scope.timeframes.join(' ')})`) ??
    ruleProblem('entry', trigger.entry, trigger.timeframe, scope) ??
    (trigger.exit === null ? null : ruleProblem('exit', trigger.exit, trigger.timeframe, scope));
  return reason === null ? trigger : { id: trigger.id, reason };
}

function refuseBadEmergencyExit(rule: string | null, scope: PlanScope): void {
  const base = scope.timeframes[0];
  if (rule === null || base === undefined) return;
  const problem = ruleProblem('emergency_exit', rule, base, scope);
  if (problem !== null) throw new Refusal(`The plan is not usable: ${problem}`);
}

function ruleProblem(field: string, text: string, timeframe: Timeframe, scope: PlanScope): string | null {
  try {
    const problem = checkRule(parseRule(text), { timeframe, timeframes: scope.timeframes });
    return problem === null ? null : `${field}: ${problem}`;
  } catch (error) {
    if (error instanceof Refusal) return `${field}: ${error.message}`;
    throw error;
  }
}

function idOf(candidate: unknown): string | null {
  const id = typeof candidate === 'object' && candidate !== null && 'id' in candidate ? candidate.id : null;
  return typeof id === 'string' ? id.slice(0, 64) : null;
}

function describeIssues(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string {
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)).join('; ');
}
