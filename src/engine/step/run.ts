import type { Program } from '../program.ts';
import type { BlockReason, EngineEvent, Trade } from '../result.ts';
import type { Condition } from '../rules/compile-rule.ts';
import type { SessionState } from '../state.ts';

/** Where what happens is told. Nothing the engine does depends on it. */
export type Recorder = {
  readonly trade: (trade: Trade) => void;
  readonly event: (event: EngineEvent) => void;
  readonly block: (entryIndex: number, reason: BlockReason) => void;
};

/**
 * A session while it runs: the state it owns and changes in place, and cursors that can be found again from
 * the state and the columns.
 */
export type Run = {
  readonly program: Program;
  readonly state: SessionState;
  readonly recorder: Recorder;
  /** Length of a base bar; ms. */
  readonly barMs: number;
  /** Per symbol, the index of the bar that is being stepped, −1 when it has none at this time. */
  readonly barIndex: Int32Array;
  /** Per symbol, the next funding row. */
  readonly fundingIndex: Int32Array;
  /** Per symbol, whether the emergency rule is true at this close. */
  readonly emergency: Uint8Array;
};

export const NO_BAR = -1;

export function startRun(program: Program, state: SessionState, recorder: Recorder, barMs: number): Run {
  const symbolCount = program.symbols.length;
  return {
    program,
    state,
    recorder,
    barMs,
    barIndex: new Int32Array(symbolCount).fill(NO_BAR),
    fundingIndex: new Int32Array(symbolCount),
    emergency: new Uint8Array(symbolCount),
  };
}

/**
 * The answer of a rule at a base close: asked only when a new bar of its timeframe became visible, on that bar.
 * `visible` null is the base timeframe, where every close brings a new bar.
 */
export function holdsAt(condition: Condition, visible: Int32Array | null, barIndex: number): boolean {
  if (visible === null) return condition(barIndex) === 1;
  const seen = visible[barIndex] as number;
  const seenBefore = barIndex === 0 ? -1 : (visible[barIndex - 1] as number);
  return seen !== seenBefore && condition(seen) === 1;
}
