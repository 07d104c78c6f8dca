import type { RunSpec } from '../engine/run-spec.ts';
import { planOfStrategy } from '../strategist/strategy.ts';

/** The plan a run follows: the person's own, else that of its strategy, written out for the run's symbols. */
export function planOf({ plan, strategyId, symbols, timeframes }: RunSpec): unknown {
  return strategyId === null ? plan : planOfStrategy(strategyId, symbols, timeframes[0]);
}
