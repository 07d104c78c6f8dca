import type { Moment, PlaybackTimeline, Played } from '../engine/playback.ts';
import { Refusal } from '../engine/refusal.ts';
import type { RunResult } from '../engine/result.ts';
import type { RuleAnswers } from '../engine/rule-answers.ts';
import { runSpecSchema } from '../engine/run-spec.ts';
import type { Verification } from '../engine/verify-run.ts';
import { openEnginePool, type ThreadModule } from '../jobs/engine-pool.ts';
import type { Pool } from '../store/pool.ts';
import type { Run } from '../store/runs.ts';
import { loadKeptInput } from './load-input.ts';
import { waitingPlanOf } from './plan-of.ts';
import { openRecent } from './recent.ts';
import { type Answered, answerMoment, answerRules, answerTimeline, answerVerification } from './run-again.thread.ts';

/** A run with its result. */
export type DoneRun = Pick<Run, 'id' | 'request'> & { readonly result: RunResult };

/** A run that can be gone through bar by bar. */
export type PlayedRun = { readonly timeline: PlaybackTimeline; readonly momentAt: (openTimeMs: number) => Promise<Moment> };

/** Executes finished runs again from what is kept now, on threads of its own: nothing waits in a queue for it and nothing is written. */
export type RunAgain = {
  readonly verify: (run: DoneRun) => Promise<Verification>;
  /** A run that was played a moment ago is still at hand. */
  readonly play: (run: DoneRun) => Promise<PlayedRun>;
  readonly askRules: (run: DoneRun) => Promise<readonly RuleAnswers[]>;
  readonly close: () => Promise<void>;
};

type Ports = { readonly pool: Pool; readonly reportError: (error: unknown) => void };

const THREAD = new URL('./run-again.thread.ts', import.meta.url);
const THREADS = 2;
/** Somebody waits for it. */
const LIMIT_MS = 60_000;
/** Runs at hand, and their bars together, the last one aside. */
const RECENT = { most: 4, size: 1_000_000 } as const;

export function openRunAgain({ pool, reportError }: Ports): RunAgain {
  const engine = openEnginePool({ threads: THREADS, reportError });
  const recent = openRecent<{ readonly played: Played; readonly timeline: PlaybackTimeline }>({
    ...RECENT,
    sizeOf: ({ timeline }) => timeline.timesMs.length,
  });

  return {
    verify: async (run) => ask(answerVerification, { ...(await load(run)), recorded: run.result }),
    play: async (run) => {
      const { played, timeline } = await recent.get(run.id, async () => {
        const loaded = await load(run);
        return { played: loaded, timeline: await ask(answerTimeline, loaded) };
      });
      return { timeline, momentAt: (openTimeMs) => ask(answerMoment, { ...played, openTimeMs }) };
    },
    askRules: async (run) => ask(answerRules, { input: (await load(run)).input, followed: run.result.plans }),
    close: engine.close,
  };

  /** The run as it is kept, with the plans that it followed instead of somebody who plans. */
  async function load({ request, result }: DoneRun): Promise<Played> {
    const spec = runSpecSchema.safeParse(request);
    if (!spec.success) throw new Refusal('The run is of an older version and cannot be executed again; give the backtest again');
    const [first, ...later] = result.plans;
    if (first === undefined) throw new Error('A run follows a plan.');
    const waiting = waitingPlanOf(spec.data);
    const input = await loadKeptInput(pool, spec.data, { plan: waiting ?? first.plan, settings: result.settings });
    const timeline = later.map(({ from, plan }) => ({ from, plan }));
    const plans = { kind: 'frozen', timeline } as const;
    // What somebody planned is asked of nobody again.
    return waiting === null ? { input, plans } : { input: { ...input, plan: first.plan, planned: { timeline, warmUp: waiting } }, plans };
  }

  async function ask<Task, Value>(answer: (task: Task) => Answered<Value>, task: Task): Promise<Value> {
    const module: ThreadModule<Task, Answered<Value>> = { url: THREAD, name: answer.name, answer };
    const signal = AbortSignal.timeout(LIMIT_MS);
    const answered = await engine.runModule(module, task, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      throw new Refusal(`Executing the run again took longer than ${LIMIT_MS / 1_000} s; try it again when the desk is less busy`, {
        cause: error,
      });
    });
    if (answered.kind === 'refused') throw new Refusal(answered.message);
    return answered.value;
  }
}
