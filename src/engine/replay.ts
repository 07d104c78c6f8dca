import { TIMEFRAME_MS } from './bar.ts';
import { firstBarFrom } from './candles.ts';
import { MARGIN_MODEL_NAMES } from './margin.ts';
import type { Program } from './program.ts';
import { BLOCK_REASONS, type BlockReason, type EngineEvent, type Trade } from './result.ts';
import { type SessionState, startingState } from './state.ts';
import { advance } from './step/advance.ts';
import { NO_BAR, type Run, startRun } from './step/run.ts';

/** What a replay leaves behind. Times are those of base bar opens; equity is marked at that bar's close. */
export type Replay = {
  readonly state: SessionState;
  readonly trades: readonly Trade[];
  readonly events: readonly EngineEvent[];
  readonly timesMs: Float64Array;
  readonly equity: Float64Array;
  /** Blocks of each entry of the program by reason: row = entry, column = BLOCK_REASONS. */
  readonly blocks: Int32Array;
};

/** Told now and then how much of the replay is done; a fraction from 0 to 1. */
export type ReplayProgress = (done: number) => void;

const BARS_PER_REPORT = 20_000;

/** Runs a program over its bars from `startMs` on; earlier bars only filled the columns. */
export function replay(program: Program, startMs: number, report: ReplayProgress = () => {}): Replay {
  const state = startingState(program.settings.initial_cash, program.symbols.length, MARGIN_MODEL_NAMES.length);
  const trades: Trade[] = [];
  const events: EngineEvent[] = [];
  const blocks = new Int32Array(program.entries.length * BLOCK_REASONS.length);
  const run = startRun(
    program,
    state,
    {
      trade: (trade) => trades.push(trade),
      event: (event) => events.push(event),
      block: (entryIndex, reason) => {
        const cell = entryIndex * BLOCK_REASONS.length + BLOCK_REASONS.indexOf(reason);
        blocks[cell] = (blocks[cell] as number) + 1;
      },
    },
    TIMEFRAME_MS[program.baseTimeframe],
  );

  const curve = stepThrough(run, startMs, report);
  return { state, trades, events, blocks, ...curve };
}

/** Symbols advance together in time order; one without a bar at a time sits that time out. */
function stepThrough(run: Run, startMs: number, report: ReplayProgress): { timesMs: Float64Array; equity: Float64Array } {
  const { program, state, barIndex } = run;
  const columns = program.symbols.map(({ candles }) => candles.openTimeMs);
  const next = Int32Array.from(program.symbols, ({ candles }) => firstBarFrom(candles, startMs));
  const barCount = columns.reduce((sum, times, index) => sum + times.length - (next[index] as number), 0);
  const timesMs = new Float64Array(barCount);
  const equity = new Float64Array(barCount);
  let steps = 0;
  let barsDone = 0;
  let nextReport = BARS_PER_REPORT;

  for (;;) {
    let timeMs = Number.POSITIVE_INFINITY;
    for (let index = 0; index < columns.length; index++) {
      const times = columns[index] as Float64Array;
      const at = next[index] as number;
      if (at < times.length && (times[at] as number) < timeMs) timeMs = times[at] as number;
    }
    if (timeMs === Number.POSITIVE_INFINITY) break;

    for (let index = 0; index < columns.length; index++) {
      const at = next[index] as number;
      const hasBar = (columns[index] as Float64Array)[at] === timeMs;
      barIndex[index] = hasBar ? at : NO_BAR;
      if (!hasBar) continue;
      next[index] = at + 1;
      barsDone++;
    }
    advance(run, timeMs);
    timesMs[steps] = timeMs;
    equity[steps] = state.equity;
    steps++;
    if (barsDone >= nextReport) {
      report(barsDone / barCount);
      nextReport += BARS_PER_REPORT;
    }
  }
  return { timesMs: timesMs.subarray(0, steps), equity: equity.subarray(0, steps) };
}

/** Blocks by reason over all triggers, those that happened. */
export function countBlocks(blocks: Int32Array): Partial<Record<BlockReason, number>> {
  const counts: Partial<Record<BlockReason, number>> = {};
  blocks.forEach((count, cell) => {
    const reason = BLOCK_REASONS[cell % BLOCK_REASONS.length];
    if (count > 0 && reason !== undefined) counts[reason] = (counts[reason] ?? 0) + count;
  });
  return counts;
}
