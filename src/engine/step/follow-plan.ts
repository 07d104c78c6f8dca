import { compilePlan } from '../program.ts';
import { Refusal } from '../refusal.ts';
import { type ValidatedPlan, validatePlan } from '../validate-plan.ts';
import type { Run } from './run.ts';

/**
 * Decides by a plan from the bar of that open on. One that is not usable leaves the last plan in force and is told; the
 * answer is null then. `requestedBy` says what asked for it, for people.
 */
export function followPlan(run: Run, proposed: unknown, openTimeMs: number, requestedBy: string | null): ValidatedPlan | null {
  const { program, recorder } = run;
  try {
    const scope = { symbols: program.symbols.map(({ symbol }) => symbol), timeframes: program.timeframes };
    const validated = validatePlan(proposed, scope);
    run.plan = compilePlan(program, validated.plan);
    if (run.shadow !== null) run.shadow.plan = run.plan;
    recorder.event({ time: openTimeMs, kind: 'replanned', dropped: validated.dropped.length });
    return validated;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    recorder.event({ time: openTimeMs, kind: 'plan_failed', trigger_type: requestedBy, reason: error.message });
    return null;
  }
}
