import type { Plan } from '../engine/plan.ts';
import type { RunSpec } from '../engine/run-spec.ts';
import { planOfStrategy } from '../strategist/strategy.ts';
import { warmUpPlan } from '../strategist/warm-up-plan.ts';

/**
 * The plan a run follows: the person's own, else that of its strategy, written out for the run's symbols. A run that somebody plans has
 * none yet: it waits, and reads whatever a plan may read.
 */
export function planOf(spec: RunSpec): unknown {
  const { plan, strategyId, symbols, timeframes } = spec;
  return waitingPlanOf(spec) ?? (strategyId === null ? plan : planOfStrategy(strategyId, symbols, timeframes[0]));
}

/** Null where nobody plans the run. */
export function waitingPlanOf({ strategist, symbols, timeframes }: RunSpec): Plan | null {
  return strategist === undefined ? null : warmUpPlan({ symbols, timeframes });
}
