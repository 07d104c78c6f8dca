import type { PlanProgram, Program } from '../program.ts';
import type { BlockReason, EngineEvent, Trade } from '../result.ts';
import type { Signals } from '../signals.ts';
import type { Order, Origin, SessionState } from '../state.ts';

/** Where what happens is told. Nothing the engine does depends on it. */
export type Recorder = {
  readonly trade: (trade: Trade) => void;
  readonly event: (event: EngineEvent) => void;
  readonly block: (triggerId: string, reason: BlockReason) => void;
  readonly placed: (symbolIndex: number, order: Order) => void;
  readonly withdrawn: (symbolIndex: number, order: Order) => void;
};

/** Who fills: the simulated broker, bar by bar, or somebody who reports what was filled. */
export type Fills = 'simulated' | 'reported';

/**
 * A session while it runs: the state it owns and changes in place, the plan it follows, and cursors that can be found
 * again from the state and the columns.
 */
export type Run = {
  readonly program: Program;
  plan: PlanProgram;
  readonly state: SessionState;
  readonly recorder: Recorder;
  /** Length of a base bar; ms. */
  readonly barMs: number;
  /** Per symbol, the index of the bar that is being stepped, −1 when it has none at this time. */
  readonly barIndex: Int32Array;
  /** Per symbol, the number of the bar at index 0 of its columns: how many bars were let go before it. */
  readonly firstBar: Float64Array;
  readonly fills: Fills;
  /** Per symbol, the next funding row. */
  readonly fundingIndex: Int32Array;
  /** Per symbol, whether the emergency rule is true at this close. */
  readonly emergency: Uint8Array;
  /** Per symbol, the exit rule of its position, made ready. */
  readonly exits: (ActiveExit | null)[];
  /** The run of `state.shadow`. */
  shadow: Run | null;
  /** Of a one-symbol run, found again when it is passed. */
  readonly horizon: Horizon;
};

/** Indexes of the first bars at which the clock brings something: a day, a scheduled hour or another plan, and funding. */
export type Horizon = { untilMs: number; timed: number; funding: number };

export type ActiveExit = { readonly signals: Signals; readonly exit: string } & Pick<Origin, 'timeframe'>;

export const NO_BAR = -1;

type Start = Pick<Run, 'program' | 'plan' | 'state' | 'recorder' | 'barMs'> & Partial<Pick<Run, 'firstBar' | 'fills'>>;

/** The number of the symbol's bar that is being stepped, counted from its first. */
export function barNumber({ firstBar, barIndex }: Run, symbolIndex: number): number {
  return (firstBar[symbolIndex] as number) + (barIndex[symbolIndex] as number);
}

export function startRun(start: Start): Run {
  const symbolCount = start.program.symbols.length;
  return {
    firstBar: new Float64Array(symbolCount),
    fills: 'simulated',
    ...start,
    barIndex: new Int32Array(symbolCount).fill(NO_BAR),
    fundingIndex: new Int32Array(symbolCount),
    emergency: new Uint8Array(symbolCount),
    exits: Array.from({ length: symbolCount }, () => null),
    shadow: null,
    horizon: { untilMs: Number.NaN, timed: 0, funding: 0 },
  };
}
