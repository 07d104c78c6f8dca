import { setImmediate as nextTurn } from 'node:timers/promises';
import { HOUR_MS } from '../engine/bar.ts';
import type { Plan } from '../engine/plan.ts';
import type { PlanCause, PlanMarket } from '../engine/plan-record.ts';
import type { TimedPlan } from '../engine/plan-source.ts';
import { type BacktestInput, prepareBacktest } from '../engine/prepare-backtest.ts';
import { compileProgram, type Program } from '../engine/program.ts';
import { type EndedPlan, lastClosedBars, type OpenRequest, type Reply, replayAsking } from '../engine/replan-driver.ts';
import { planQuestion } from './plan-question.ts';
import type { AskForPlan, PlanAnswer, PlanQuestion } from './planner.ts';
import type { Snapshot } from './snapshot.ts';
import { waitingPlan } from './waiting-plan.ts';

/** An answer and what it answered; without a request it is the first plan. */
export type AnsweredRequest = { readonly request: PlanCause | null; readonly market: PlanMarket; readonly answer: PlanAnswer };

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
  const note = (request: PlanCause | null, { snapshot }: PlanQuestion, answer: PlanAnswer) => {
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
  let last = first;
  const replyTo = async (open: OpenRequest | EndedPlan): Promise<Reply> => {
    if (open.kind === 'ended') {
      note(...endOf(program, open, { last, madeMs }));
      return NOTHING_NEW;
    }
    const { request, state, inForce } = open;
    // No bar is left that could follow an answer, or nothing is entered any more whatever it says.
    if (request.time > lastOpenMs || state.halted !== null) return NOTHING_NEW;
    const question = questionAt(program, request.time, { ...open, planAgeMs: request.time - madeMs });
    last = await ask(question, signal);
    if (last.plan !== null && last.origin !== 'none') madeMs = request.time;
    note(request, question, last);
    // A planner that answers at once would keep the thread for the whole run.
    await nextTurn();
    const ends = last.keepMs === null ? null : { atMs: request.time + last.keepMs, after: waitingPlan(inForce.plan) };
    return { proposed: last.plan?.plan ?? null, ends };
  };
  let step = replaying.next();
  while (step.done !== true) {
    signal.throwIfAborted();
    step = replaying.next(await replyTo(step.value));
  }
  return { plan: first.plan.plan, timeline: step.value, answers };
}

const NOTHING_NEW: Reply = { proposed: null, ends: null };

type Ended = { readonly last: PlanAnswer; readonly madeMs: number };

/** What is told of a plan that was kept for as long as it may be. */
function endOf(program: Program, { fromMs, ...open }: EndedPlan, { last, madeMs }: Ended): [PlanCause, PlanQuestion, PlanAnswer] {
  const ageHours = Math.round(((fromMs - madeMs) / HOUR_MS) * 10) / 10;
  const cause = { time: fromMs, trigger_type: 'expired', symbol: null, trigger_details: { age_hours: ageHours } } as const;
  const plan = { plan: waitingPlan(open.inForce.plan), dropped: [] };
  const answer = { ...last, plan, origin: 'none', keepMs: null, findings: [], troubles: [], cost: null } as const;
  return [cause, questionAt(program, fromMs, { ...open, request: null, planAgeMs: fromMs - madeMs }), answer];
}

type Opened = Pick<OpenRequest, 'state' | 'inForce'> & {
  /** Null where nobody is asked. */
  readonly request: OpenRequest['request'] | null;
  readonly planAgeMs: number;
};

/** What may be known at a close; without a request there is no account yet. */
export function questionAt(program: Program, timeMs: number, open: Opened | null): PlanQuestion {
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
