import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Plan } from '../engine/plan.ts';
import type { PlanMarket } from '../engine/plan-record.ts';
import type { TimedPlan } from '../engine/plan-source.ts';
import { type BacktestInput, prepareBacktest } from '../engine/prepare-backtest.ts';
import { compileProgram, type Program } from '../engine/program.ts';
import { lastClosedBars, type OpenRequest, replayAsking } from '../engine/replan-driver.ts';
import type { ReplanRequest } from '../engine/result.ts';
import { planQuestion } from './plan-question.ts';
import type { AskForPlan, PlanAnswer, PlanQuestion } from './planner.ts';
import type { Snapshot } from './snapshot.ts';

/** An answer and what it answered; without a request it is the first plan. */
export type AnsweredRequest = { readonly request: ReplanRequest | null; readonly market: PlanMarket; readonly answer: PlanAnswer };

/** Everything a run follows: it is replayed with the first plan and the timeline, and nobody is asked again. */
export type RunPlans = {
  readonly plan: Plan;
  readonly timeline: readonly TimedPlan[];
  readonly answers: readonly AnsweredRequest[];
};

export type PlanRunOptions = {
  readonly ask: AskForPlan;
  readonly signal: AbortSignal;
  /** Told of each plan, and how much of the run it was made for; a fraction from 0 to 1. */
  readonly onPlan: (answered: AnsweredRequest, done: number) => void;
};

/**
 * Plans a backtest as it would have gone: the run is replayed to each request, the planner is asked with what was known then,
 * and the run goes on with the answer. What comes back is a frozen timeline, shared by the run and all its variants.
 */
export async function planRun(input: BacktestInput, { ask, signal, onPlan }: PlanRunOptions): Promise<RunPlans> {
  const prepared = prepareBacktest(input);
  const program = compileProgram({ ...input, markets: prepared.markets }, prepared.columnsFor(input.settings));
  const { startMs } = prepared;
  const lastOpenMs = Math.max(...prepared.markets.map(({ candles }) => candles.openTimeMs.at(-1) ?? startMs));
  const answers: AnsweredRequest[] = [];
  const note = (request: ReplanRequest | null, { snapshot }: PlanQuestion, answer: PlanAnswer) => {
    const answered = { request, market: marketOf(snapshot), answer };
    answers.push(answered);
    onPlan(answered, Math.min(1, Math.max(0, ((request?.time ?? startMs) - startMs) / Math.max(1, lastOpenMs - startMs))));
  };

  const asked = questionAt(program, startMs, null);
  const first = await ask(asked, signal);
  if (first.plan === null) throw new Error('A planner kept a plan where there was none before.');
  note(null, asked, first);
  const replaying = replayAsking({ program, plan: first.plan, startMs });
  // A plan that was kept is as old as the answer that brought it.
  let madeMs = startMs;
  let step = replaying.next();
  while (step.done !== true) {
    signal.throwIfAborted();
    const { request } = step.value;
    if (request.time > lastOpenMs) {
      // No bar is left that could follow an answer.
      step = replaying.next(null);
      continue;
    }
    const question = questionAt(program, request.time, { ...step.value, planAgeMs: request.time - madeMs });
    const answer = await ask(question, signal);
    if (answer.plan !== null) madeMs = request.time;
    note(request, question, answer);
    // A planner that answers at once would keep the thread for the whole run.
    await nextTurn();
    step = replaying.next(answer.plan?.plan ?? null);
  }
  return { plan: first.plan.plan, timeline: step.value, answers };
}

/** What may be known at a close; without a request there is no account yet. */
export function questionAt(program: Program, timeMs: number, open: (OpenRequest & { readonly planAgeMs: number }) | null): PlanQuestion {
  const bars = lastClosedBars(program, timeMs);
  const { timeframes, instrument, settings } = program;
  return planQuestion({
    markets: program.symbols.map(({ symbol, columns }, index) => ({ symbol, columns, bar: bars[index] ?? -1, droppedBars: 0 })),
    timeframes,
    instrument,
    settings,
    account: open?.state ?? null,
    plan: open?.inForce.plan ?? null,
    request: open?.request ?? null,
    planAgeMs: open?.planAgeMs ?? 0,
  });
}

/** What the distances of a plan can be measured by. */
export function marketOf({ symbols, constraints }: Snapshot): PlanMarket {
  return {
    round_trip_cost_pct: constraints.round_trip_cost_pct,
    frames: symbols.flatMap(({ symbol, frames }) =>
      frames.map(({ timeframe, close, regime }) => ({ symbol, timeframe, close, atr_pct: regime.atr_pct })),
    ),
  };
}
