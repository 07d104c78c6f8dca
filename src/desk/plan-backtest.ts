import type { BacktestInput } from '../engine/backtest.ts';
import { hashJson } from '../engine/hash.ts';
import type { PlanRecord } from '../engine/plan-record.ts';
import { refuseLeveragedSpot } from '../engine/prepare-backtest.ts';
import { Refusal } from '../engine/refusal.ts';
import { prepareWarmedUp } from '../engine/warmed-up.ts';
import type { LoadOptions } from '../jobs/engine-processor.ts';
import { type AnsweredRequest, planRun } from '../strategist/plan-run.ts';
import type { AskForPlan } from '../strategist/planner.ts';
import { warmUpPlan } from '../strategist/warm-up-plan.ts';

/** A run with its plans, and who made them; no records where nobody was asked. */
export type PlannedBacktest = { readonly backtest: BacktestInput; readonly records: readonly PlanRecord[] };

/** More than a month of plans; a model is paid for each. */
const MOST_CALLS = 500;

/** Has a run planned as it would have gone. Bars that reach back further than its own settings need are not shown to the planner. */
export async function planBacktest(input: BacktestInput, ask: AskForPlan, { signal, onProgress }: LoadOptions): Promise<PlannedBacktest> {
  // A planner may cost money: what the engine will not run is not planned.
  refuseLeveragedSpot(input.instrument, input.settings);
  const symbols = input.markets.map(({ symbol }) => symbol);
  const warmUp = warmUpPlan({ symbols, timeframes: input.timeframes });
  const alone = prepareWarmedUp({ ...input, planned: { timeline: [], warmUp } })(input.settings).input;
  const onPlan = (_: AnsweredRequest, done: number) => onProgress(done, 'planning');
  const { plan, timeline, answers } = await planRun(alone, { ask: withinBudget(ask, MOST_CALLS), signal, onPlan });
  return { backtest: { ...input, plan, planned: { timeline, warmUp } }, records: answers.map(recordOf) };
}

export function recordOf({ request, market, answer }: AnsweredRequest): PlanRecord {
  const { plan, origin, planner, findings, troubles, cost } = answer;
  const planHash = plan === null ? null : hashJson(plan.plan);
  return { request, origin, planner, market, planHash, dropped: plan?.dropped ?? [], findings, troubles, cost };
}

/** Stops a run that would ask a model ever on. What was answered is on record, so that nothing is paid for twice. */
export function withinBudget(ask: AskForPlan, mostCalls: number): AskForPlan {
  let calls = 0;
  return async (question, signal) => {
    if (calls >= mostCalls) {
      throw new Refusal(
        `The run asked the model ${calls} times and is not through; choose fewer days or fewer scheduled_hours; in mode record, give it again to go on from what is on record`,
      );
    }
    const answer = await ask(question, signal);
    calls += answer.cost?.calls ?? 0;
    return answer;
  };
}
