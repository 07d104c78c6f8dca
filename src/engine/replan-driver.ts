import { TIMEFRAME_MS } from './bar.ts';
import { firstBarFrom } from './candles.ts';
import { MARGIN_MODEL_NAMES } from './margin.ts';
import type { TimedPlan } from './plan-source.ts';
import { compilePlan, type Program } from './program.ts';
import type { UsedPlan } from './replay.ts';
import type { ReplanRequest } from './result.ts';
import { type SessionState, startingState } from './state.ts';
import { advance } from './step/advance.ts';
import { followPlan } from './step/follow-plan.ts';
import { NO_BAR, type Recorder, type Run, startRun } from './step/run.ts';
import type { ValidatedPlan } from './validate-plan.ts';

export type PlannedRun = {
  readonly program: Program;
  /** The plan of the first bars. */
  readonly plan: ValidatedPlan;
  /** Earlier bars only filled the columns; ms UTC. */
  readonly startMs: number;
};

/** A run that waits for a plan, and what may be known of it. */
export type OpenRequest = {
  readonly kind: 'asked';
  readonly request: ReplanRequest;
  /** After everything that the asking close decided. It goes on changing once the request is answered. */
  readonly state: SessionState;
  readonly inForce: UsedPlan;
};

/** The plan that was in force has ended, and what was to come then is followed from the bar of that open on; ms UTC. */
export type EndedPlan = Omit<OpenRequest, 'kind' | 'request'> & { readonly kind: 'ended'; readonly fromMs: number };

/** What a request is answered with. */
export type Reply = {
  /** A plan as it was written; null: the one in force goes on. */
  readonly proposed: unknown;
  /** From when on (ms UTC) the one in force may not be followed any longer, and what is followed then; null: as it was. */
  readonly ends: { readonly atMs: number; readonly after: unknown } | null;
};

/**
 * Goes through a run as a replay does and stops at every request until it is given the reply. Whoever plans may take his time. It returns the plans that came after the first; replayed as a frozen timeline they are the same run.
 */
export function* replayAsking({ program, plan, startMs }: PlannedRun): Generator<OpenRequest | EndedPlan, readonly TimedPlan[], Reply> {
  const run = startRun({
    program,
    plan: compilePlan(program, plan.plan),
    state: startingState(program.settings.initial_cash, program.symbols.length, MARGIN_MODEL_NAMES.length),
    recorder: UNHEARD,
    barMs: TIMEFRAME_MS[program.baseTimeframe],
  });
  const next = program.symbols.map(({ candles }) => firstBarFrom(candles, startMs));
  const timeline: TimedPlan[] = [];
  let inForce: UsedPlan = { from: startMs, ...plan };
  let arrived: { readonly request: ReplanRequest; readonly proposed: unknown } | null = null;
  let ends: Reply['ends'] = null;

  for (;;) {
    const openTimeMs = takeBars(run, next);
    if (openTimeMs === Number.POSITIVE_INFINITY) return timeline;
    const followed = arrived === null ? null : followPlan(run, arrived.proposed, openTimeMs, arrived.request.trigger_type);
    const last = followed === null && ends !== null && openTimeMs >= ends.atMs ? followPlan(run, ends.after, openTimeMs, null) : null;
    const taken = followed ?? last;
    if (taken !== null) {
      ends = null;
      const ended = { kind: 'ended', fromMs: openTimeMs, state: run.state, inForce } as const;
      inForce = { from: openTimeMs, ...taken };
      timeline.push({ from: openTimeMs, plan: taken.plan });
      if (last !== null) yield ended;
    }
    const request = advance(run, openTimeMs);
    const reply: Reply | null = request === null ? null : yield { kind: 'asked', request, state: run.state, inForce };
    arrived = request === null || reply === null || reply.proposed === null ? null : { request, proposed: reply.proposed };
    ends = reply?.ends ?? ends;
  }
}

/** Indexes of the last bars that have closed by that time, per symbol; −1 where none has. */
export function lastClosedBars({ symbols }: Program, timeMs: number): readonly number[] {
  // Of bars aligned to their timeframe, those that open before a close are those that have closed at it.
  return symbols.map(({ candles }) => firstBarFrom(candles, timeMs) - 1);
}

/** Points every symbol that has one at its next bar of the earliest time, and returns that time; infinite when no bar is left. */
function takeBars({ program: { symbols }, barIndex }: Run, next: number[]): number {
  const times = symbols.map(({ candles }, index) => candles.openTimeMs[next[index] ?? 0] ?? Number.POSITIVE_INFINITY);
  const earliestMs = Math.min(...times);
  if (earliestMs === Number.POSITIVE_INFINITY) return earliestMs;
  times.forEach((timeMs, index) => {
    const at = next[index] ?? 0;
    barIndex[index] = timeMs === earliestMs ? at : NO_BAR;
    if (timeMs === earliestMs) next[index] = at + 1;
  });
  return earliestMs;
}

const UNHEARD: Recorder = { trade: ignore, event: ignore, block: ignore, placed: ignore, withdrawn: ignore };

/** The run is told again, whole, when its timeline is replayed. */
function ignore(): void {}
