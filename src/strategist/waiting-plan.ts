import type { Plan } from '../engine/plan.ts';

/** What is followed when no usable plan was to be had for too long: no entries, and the emergency exit and levels that were in force. */
export function waitingPlan(inForce: Plan | null): Plan {
  return {
    regime: 'mixed',
    stance: 'wait',
    rationale: 'No usable plan was to be had, so nothing is entered. Open positions keep their stops, targets and exits.',
    triggers: [],
    emergency_exit: inForce?.emergency_exit ?? null,
    levels: inForce?.levels ?? null,
  };
}
