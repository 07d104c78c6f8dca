import { TIMEFRAME_MS } from './bar.ts';
import { firstBarFrom } from './candles.ts';
import { MARGIN_MODEL_NAMES } from './margin.ts';
import type { Plan } from './plan.ts';
import type { PlanSource } from './plan-source.ts';
import { compilePlan, type Program } from './program.ts';
import { BLOCK_REASONS, type BlockCounts, type BlockReason, type EngineEvent, type ReplanRequest, type Trade } from './result.ts';
import { type SessionState, startingState } from './state.ts';
import { advance } from './step/advance.ts';
import { followPlan } from './step/follow-plan.ts';
import { NO_BAR, type Run, startRun } from './step/run.ts';
import { passUneventfulBars } from './step/uneventful-bars.ts';
import { endShadow } from './step/walk-away.ts';
import type { DroppedTrigger, ValidatedPlan } from './validate-plan.ts';

/** A plan and the open time (ms UTC) of the first bar whose decisions followed it. */
export type UsedPlan = { readonly from: number; readonly plan: Plan; readonly dropped: readonly DroppedTrigger[] };

/** What a replay leaves behind. Times are those of base bar opens; equity is marked at that bar's close. */
export type Replay = {
  readonly state: SessionState;
  readonly trades: readonly Trade[];
  readonly events: readonly EngineEvent[];
  readonly plans: readonly UsedPlan[];
  readonly timesMs: Float64Array;
  readonly equity: Float64Array;
  /** Blocks by trigger and reason, those that happened. */
  readonly blocks: ReadonlyMap<string, BlockCounts>;
};

/** Told now and then how much of the replay is done; a fraction from 0 to 1. */
export type ReplayProgress = (done: number) => void;

export type ReplayInput = {
  readonly program: Program;
  readonly plan: ValidatedPlan;
  /** Earlier bars only filled the columns; ms UTC. */
  readonly startMs: number;
  readonly plans?: PlanSource;
  readonly report?: ReplayProgress;
};

const BARS_PER_REPORT = 20_000;

/** Runs a program over its bars from `startMs` on. */
export function replay({ program, plan, startMs, plans = { kind: 'none' }, report = () => {} }: ReplayInput): Replay {
  const state = startingState(program.settings.initial_cash, program.symbols.length, MARGIN_MODEL_NAMES.length);
  const trades: Trade[] = [];
  const events: EngineEvent[] = [];
  const blocks = new Map<string, Partial<Record<BlockReason, number>>>();
  const usedPlans: UsedPlan[] = [{ from: startMs, ...plan }];
  const run = startRun({
    program,
    plan: compilePlan(program, plan.plan),
    state,
    recorder: {
      trade: (trade) => trades.push(trade),
      event: (event) => events.push(event),
      block: (triggerId, reason) => countBlock(blocks, triggerId, reason),
      placed: () => {},
      withdrawn: () => {},
    },
    barMs: TIMEFRAME_MS[program.baseTimeframe],
  });

  const curve = stepThrough(run, startMs, report, planChanges(run, plans, usedPlans));
  endShadow(run);
  return { state, trades, events, plans: usedPlans, blocks, ...curve };
}

/** Called before each time step with its open, and after it with what it asked for. */
type PlanChanges = {
  readonly before: (openTimeMs: number) => void;
  readonly after: (request: ReplanRequest) => void;
  /** No plan changes before this time; ms UTC. */
  readonly nextChangeMs: () => number;
};

/** A plan that arrives at a close is used from the next bar's decisions on; one that is refused leaves the last plan in force. */
function planChanges(run: Run, source: PlanSource, used: UsedPlan[]): PlanChanges {
  const timeline = source.kind === 'frozen' ? [...source.timeline] : [];
  let arrived: { readonly request: ReplanRequest | null; readonly proposed: unknown } | null = null;
  return {
    before: (openTimeMs) => {
      while (timeline[0] !== undefined && timeline[0].from <= openTimeMs) {
        arrived = { request: null, proposed: timeline[0].plan };
        timeline.shift();
      }
      if (arrived !== null) follow(arrived.request, arrived.proposed, openTimeMs);
      arrived = null;
    },
    nextChangeMs: () => timeline[0]?.from ?? Number.POSITIVE_INFINITY,
    after: (request) => {
      if (source.kind !== 'planner') return;
      const proposed = source.planner(request);
      if (proposed !== null) arrived = { request, proposed };
    },
  };

  function follow(request: ReplanRequest | null, proposed: unknown, openTimeMs: number): void {
    const validated = followPlan(run, proposed, openTimeMs, request?.trigger_type ?? null);
    if (validated !== null) used.push({ from: openTimeMs, ...validated });
  }
}

type Curve = { readonly timesMs: Float64Array; readonly equity: Float64Array };

/** Symbols advance together in time order; one without a bar at a time sits that time out. */
function stepThrough(run: Run, startMs: number, report: ReplayProgress, plans: PlanChanges): Curve {
  const { program, state, barIndex } = run;
  const columns = program.symbols.map(({ candles }) => candles.openTimeMs);
  const next = Int32Array.from(program.symbols, ({ candles }) => firstBarFrom(candles, startMs));
  const barCount = columns.reduce((sum, times, index) => sum + times.length - (next[index] as number), 0);
  // One symbol's times are those of its bars; several are merged.
  const [only] = columns.length === 1 ? columns : [];
  const timesMs = only?.subarray(next[0]) ?? new Float64Array(barCount);
  const equity = new Float64Array(barCount);
  let steps = 0;
  let barsDone = 0;
  let nextReport = BARS_PER_REPORT;

  for (;;) {
    const timeMs = earliestNext(columns, next);
    if (timeMs === Number.POSITIVE_INFINITY) break;
    plans.before(timeMs);
    const from = next[0] as number;
    const passed = only !== undefined ? passUneventfulBars(run, from, plans.nextChangeMs(), equity, steps) - from : 0;
    if (passed > 0) {
      next[0] = from + passed;
      steps += passed;
      barsDone += passed;
    } else {
      barsDone += takeBars(columns, next, barIndex, timeMs);
      const request = advance(run, timeMs);
      if (request !== null) plans.after(request);
      if (only === undefined) timesMs[steps] = timeMs;
      equity[steps] = state.equity;
      steps++;
    }
    if (barsDone >= nextReport) {
      report(barsDone / barCount);
      nextReport = barsDone + BARS_PER_REPORT;
    }
  }
  return { timesMs: timesMs.subarray(0, steps), equity: equity.subarray(0, steps) };
}

/** Points every symbol at its bar of that open, if it has one, and moves on; returns how many have. */
function takeBars(columns: readonly Float64Array[], next: Int32Array, barIndex: Int32Array, timeMs: number): number {
  let taken = 0;
  for (let index = 0; index < columns.length; index++) {
    const at = next[index] as number;
    const hasBar = (columns[index] as Float64Array)[at] === timeMs;
    barIndex[index] = hasBar ? at : NO_BAR;
    if (!hasBar) continue;
    next[index] = at + 1;
    taken++;
  }
  return taken;
}

function earliestNext(columns: readonly Float64Array[], next: Int32Array): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (let index = 0; index < columns.length; index++) {
    const times = columns[index] as Float64Array;
    const at = next[index] as number;
    if (at < times.length && (times[at] as number) < earliest) earliest = times[at] as number;
  }
  return earliest;
}

function countBlock(blocks: Map<string, Partial<Record<BlockReason, number>>>, triggerId: string, reason: BlockReason): void {
  const counts = blocks.get(triggerId) ?? {};
  counts[reason] = (counts[reason] ?? 0) + 1;
  blocks.set(triggerId, counts);
}

/** Blocks by reason over all triggers, in the order of the gates. */
export function sumBlocks(blocks: ReadonlyMap<string, BlockCounts>): BlockCounts {
  const sums = BLOCK_REASONS.map((reason) => {
    let sum = 0;
    for (const counts of blocks.values()) sum += counts[reason] ?? 0;
    return [reason, sum] as const;
  });
  return Object.fromEntries(sums.filter(([, sum]) => sum > 0));
}
