import { TIMEFRAME_MS } from './bar.ts';
import { MARGIN_MODEL_NAMES } from './margin.ts';
import type { Plan } from './plan.ts';
import type { PlanSource } from './plan-source.ts';
import { compilePlan, type Program } from './program.ts';
import { BLOCK_REASONS, type BlockCounts, type BlockReason, type EngineEvent, type ReplanRequest, type Trade } from './result.ts';
import { type SessionState, startingState } from './state.ts';
import { followPlan } from './step/follow-plan.ts';
import { type Recorder, type Run, startRun } from './step/run.ts';
import { endShadow } from './step/walk-away.ts';
import { type PlanChanges, type ReplayProgress, stepThrough } from './step-through.ts';
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

export type ReplayInput = {
  readonly program: Program;
  readonly plan: ValidatedPlan;
  /** Earlier bars only filled the columns; ms UTC. */
  readonly startMs: number;
  readonly plans?: PlanSource;
  readonly report?: ReplayProgress;
  /** Nothing that opens later is stepped; left out: to the end. */
  readonly lastOpenMs?: number;
  readonly witness?: ReplayWitness;
};

/** Told everything as it happens; `bar` comes before what happens in the bars that open at that time. Not every quiet bar is told. */
export type ReplayWitness = Recorder & { readonly bar: (openTimeMs: number, before: SessionState) => void };

const UNSEEN: ReplayWitness = { bar: ignore, trade: ignore, event: ignore, block: ignore, placed: ignore, withdrawn: ignore };

/** Runs a program over its bars from `startMs` on. */
export function replay(input: ReplayInput): Replay {
  const { program, plan, startMs, plans = { kind: 'none' }, lastOpenMs = Number.MAX_SAFE_INTEGER, witness = UNSEEN } = input;
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
      trade: (trade) => {
        trades.push(trade);
        witness.trade(trade);
      },
      event: (event) => {
        events.push(event);
        witness.event(event);
      },
      block: (triggerId, reason) => {
        countBlock(blocks, triggerId, reason);
        witness.block(triggerId, reason);
      },
      placed: witness.placed,
      withdrawn: witness.withdrawn,
    },
    barMs: TIMEFRAME_MS[program.baseTimeframe],
  });

  const changes = planChanges(run, plans, usedPlans);
  const curve = stepThrough(run, { startMs, lastOpenMs, report: input.report ?? (() => {}), changes, onBar: witness.bar });
  // A day that goes on behind the last bar asked for has no end yet.
  if (program.symbols.every(({ candles }) => (candles.openTimeMs.at(-1) ?? 0) <= lastOpenMs)) endShadow(run);
  return { state, trades, events, plans: usedPlans, blocks, ...curve };
}

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

function ignore(): void {}

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
