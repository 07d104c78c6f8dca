import { firstBarFrom } from './candles.ts';
import type { ReplanRequest } from './result.ts';
import type { SessionState } from './state.ts';
import { advance } from './step/advance.ts';
import { NO_BAR, type Run } from './step/run.ts';
import { passUneventfulBars } from './step/uneventful-bars.ts';

/** Told now and then how much of the replay is done; a fraction from 0 to 1. */
export type ReplayProgress = (done: number) => void;

/** Called before each time step with its open, and after it with what it asked for. */
export type PlanChanges = {
  readonly before: (openTimeMs: number) => void;
  readonly after: (request: ReplanRequest) => void;
  /** No plan changes before this time; ms UTC. */
  readonly nextChangeMs: () => number;
};

const BARS_PER_REPORT = 20_000;

export type Curve = { readonly timesMs: Float64Array; readonly equity: Float64Array };

/** From where to where, and who is told on the way. */
export type Course = {
  readonly startMs: number;
  readonly lastOpenMs: number;
  readonly report: ReplayProgress;
  readonly changes: PlanChanges;
  /** Before what happens in the bars that open at that time. */
  readonly onBar: (openTimeMs: number, before: SessionState) => void;
};

/** Symbols advance together in time order; one without a bar at a time sits that time out. */
export function stepThrough(run: Run, { startMs, lastOpenMs, report, changes: plans, onBar }: Course): Curve {
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
  let hasPassed = false;

  for (;;) {
    const timeMs = earliestNext(columns, next);
    if (timeMs > lastOpenMs) break;
    onBar(timeMs, state);
    plans.before(timeMs);
    const from = next[0] as number;
    // What bars were passed up to is stepped: there is nothing to ask again.
    const mayPass: boolean = only !== undefined && !hasPassed;
    const passed: number = mayPass
      ? passUneventfulBars(run, from, Math.min(plans.nextChangeMs(), lastOpenMs + 1), equity, steps) - from
      : 0;
    hasPassed = passed > 0;
    if (hasPassed) {
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
