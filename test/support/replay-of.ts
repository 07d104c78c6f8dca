import type { BacktestInput } from '../../src/engine/backtest.ts';
import type { PlanSource } from '../../src/engine/plan-source.ts';
import { compileProgram } from '../../src/engine/program.ts';
import { type Replay, replay } from '../../src/engine/replay.ts';
import { validatePlan } from '../../src/engine/validate-plan.ts';
import { START_MS } from './bars.ts';

/** What a backtest replays, before it is summed up. */
export function replayOf(input: BacktestInput, plans: PlanSource = { kind: 'none' }): Replay {
  const plan = validatePlan(input.plan, { symbols: input.markets.map(({ symbol }) => symbol), timeframes: input.timeframes });
  return replay({ program: compileProgram(input), plan, startMs: input.startMs ?? START_MS, plans });
}
