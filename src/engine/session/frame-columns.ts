import { allocateCandles, type Candles, sliceCandles } from '../candles.ts';
import { extendColumns, type IndicatorStates, siblingsOf } from '../indicators/compute-columns.ts';
import type { IndicatorName } from '../indicators/indicator-names.ts';
import { columnFor } from '../indicators/kernel.ts';
import type { IndicatorPeriods } from '../indicators/periods.ts';
import type { BarRow, WindowFrame } from './window-frame.ts';

/** Columns that come out of one pass, known from the bar of index `from` up to and without that of `to`, with the running numbers in front of `to`. */
type Pass = { readonly columns: ReadonlyMap<IndicatorName, Float64Array>; readonly from: number; states: IndicatorStates; to: number };

/**
 * The bars and columns of a frame and of those that follow it, on memory with room to grow: a bar keeps its place when the frame
 * lets earlier ones go. It holds nothing that the frame does not say: a frame that came from JSON has none yet, and one that
 * outgrew it gets another, and finds the same numbers, to the bit.
 */
type Memory = {
  readonly candles: Candles;
  /** The number of the bar at index 0, counted from the first that there ever was. */
  readonly firstBar: number;
  barCount: number;
  readonly passes: Map<IndicatorName, Pass>;
};

const memories = new WeakMap<WindowFrame, Memory>();

/** How many bars may follow a frame on the same memory. */
const ROOM_BARS = 1_000;

/** The bars of a frame as columns. */
export function frameCandles(frame: WindowFrame): Candles {
  const memory = memoryOf(frame);
  const from = placeIn(memory, frame);
  return sliceCandles(memory.candles, from, from + frame.bars.length);
}

/** The column of the name, index for index beside the frame's bars. */
export function frameColumn(frame: WindowFrame, name: IndicatorName, periods: IndicatorPeriods): Float64Array {
  const memory = memoryOf(frame);
  const from = placeIn(memory, frame);
  const to = from + frame.bars.length;
  const known = memory.passes.get(name);
  // A pass that was begun by a later frame does not reach back far enough for an earlier one.
  const pass = known !== undefined && known.from <= from + frame.statesAt ? known : startPass(memory, frame, name);
  if (pass.to < to) {
    pass.states = extendColumns(pass.states, { candles: memory.candles, from: pass.to, to }, pass.columns, periods);
    pass.to = to;
  }
  return columnFor(pass.columns, name).subarray(from, to);
}

/** What is remembered of a frame goes over to the one that follows it with one more bar, unless another one already did or there is no room. */
export function followFrame(frame: WindowFrame, next: WindowFrame, row: BarRow): void {
  const memory = memories.get(frame);
  if (memory === undefined || memory.barCount === memory.candles.close.length) return;
  if (memory.barCount !== placeIn(memory, frame) + frame.bars.length) return;
  writeRow(memory.candles, memory.barCount, row);
  memory.barCount++;
  memories.set(next, memory);
}

/** The same for one that has only let first bars go. */
export function keepColumns(frame: WindowFrame, next: WindowFrame): void {
  const memory = memories.get(frame);
  if (memory !== undefined) memories.set(next, memory);
}

function placeIn({ firstBar }: Memory, { droppedBars }: WindowFrame): number {
  return droppedBars - firstBar;
}

function memoryOf(frame: WindowFrame): Memory {
  const known = memories.get(frame);
  if (known !== undefined) return known;
  const candles = allocateCandles(frame.bars.length + ROOM_BARS);
  frame.bars.forEach((row, index) => {
    writeRow(candles, index, row);
  });
  const made = { candles, firstBar: frame.droppedBars, barCount: frame.bars.length, passes: new Map() };
  memories.set(frame, made);
  return made;
}

/** Goes on from a frame's running numbers, as if no bar had ever been let go; what lies before them is not known any more. */
function startPass(memory: Memory, frame: WindowFrame, name: IndicatorName): Pass {
  const { candles, passes } = memory;
  const from = placeIn(memory, frame) + frame.statesAt;
  const siblings = siblingsOf(name);
  const columns = siblings.map((sibling) => [sibling, new Float64Array(candles.close.length).fill(Number.NaN, 0, from)] as const);
  const pass: Pass = { columns: new Map(columns), from, states: frame.states, to: from };
  for (const sibling of siblings) passes.set(sibling, pass);
  return pass;
}

function writeRow(candles: Candles, index: number, [openTimeMs, open, high, low, close, volume]: BarRow): void {
  candles.openTimeMs[index] = openTimeMs;
  candles.open[index] = open;
  candles.high[index] = high;
  candles.low[index] = low;
  candles.close[index] = close;
  candles.volume[index] = volume;
}
