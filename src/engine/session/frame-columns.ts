import type { Candles } from '../candles.ts';
import { extendColumns, type IndicatorStates, withSiblings } from '../indicators/compute-columns.ts';
import type { IndicatorName } from '../indicators/indicator-names.ts';
import type { IndicatorPeriods } from '../indicators/periods.ts';
import type { BarRow, WindowFrame } from './market-window.ts';

/** Columns that come out of one pass, written up to and without the bar of index `to`, with the running numbers in front of it. */
type Pass = { readonly columns: ReadonlyMap<IndicatorName, Float64Array>; states: IndicatorStates; to: number };

/**
 * The columns of a frame and of those that follow it bar by bar, on memory that grows with them. It holds nothing that the frame
 * does not say: a frame that came from JSON has none yet, and gets the same one, to the bit.
 */
type Memory = { readonly candles: Candles; barCount: number; readonly passes: Map<IndicatorName, Pass> };

const memories = new WeakMap<WindowFrame, Memory>();

/** The bars of a frame as columns. */
export function frameCandles(frame: WindowFrame): Candles {
  return upTo(memoryOf(frame).candles, frame.bars.length);
}

/** The indicator columns of the names, and of those that come out of the same pass, index for index beside the frame's bars. */
export function frameColumns(
  frame: WindowFrame,
  names: readonly IndicatorName[],
  periods: IndicatorPeriods,
): ReadonlyMap<IndicatorName, Float64Array> {
  const barCount = frame.bars.length;
  const { candles, passes } = memoryOf(frame);
  const siblings = withSiblings(names);
  const [first] = siblings;
  if (first === undefined) return new Map();
  const pass = passes.get(first) ?? startPass(frame, siblings, candles.close.length);
  passes.set(first, pass);
  if (pass.to < barCount) {
    // The first columns of a frame go on from its running numbers, as if no bar had ever been let go.
    pass.states = extendColumns(pass.states, { candles, from: pass.to, to: barCount }, pass.columns, periods);
    pass.to = barCount;
  }
  return new Map(Array.from(pass.columns, ([name, column]) => [name, column.subarray(0, barCount)]));
}

/** What is remembered of a frame goes over to the one that follows it with one more bar, unless another one already did. */
export function followFrame(frame: WindowFrame, next: WindowFrame, row: BarRow): void {
  const memory = memories.get(frame);
  if (memory === undefined || memory.barCount !== frame.bars.length || memory.barCount === memory.candles.close.length) return;
  writeRow(memory.candles, memory.barCount, row);
  memory.barCount++;
  memories.set(next, memory);
}

/** The same for a frame that let its first bars go: what was worked out of the others stays. */
export function keepColumns(frame: WindowFrame, next: WindowFrame, droppedBars: number): void {
  const memory = memories.get(frame);
  if (memory === undefined || memory.barCount !== frame.bars.length) return;
  const moved = (column: Float64Array): Float64Array => {
    const kept = new Float64Array(next.bars.length + ROOM_BARS);
    kept.set(column.subarray(droppedBars, frame.bars.length));
    return kept;
  };
  const { openTimeMs, open, high, low, close, volume } = memory.candles;
  const candles = {
    openTimeMs: moved(openTimeMs),
    open: moved(open),
    high: moved(high),
    low: moved(low),
    close: moved(close),
    volume: moved(volume),
  };
  // A pass that nobody asked for lately may need bars that are gone; it is made again.
  const recent = [...memory.passes].filter(([, { to }]) => to >= frame.bars.length - 1);
  const passes = recent.map(([name, { columns, states, to }]) => {
    const kept = new Map(Array.from(columns, ([column, values]) => [column, moved(values)]));
    return [name, { columns: kept, states, to: to - droppedBars }] as const;
  });
  memories.set(next, { candles, barCount: next.bars.length, passes: new Map(passes) });
}

/** More bars than ever follow a frame before some are let go. */
const ROOM_BARS = 300;

function memoryOf(frame: WindowFrame): Memory {
  const known = memories.get(frame);
  if (known !== undefined) return known;
  const column = () => new Float64Array(frame.bars.length + ROOM_BARS);
  const candles = { openTimeMs: column(), open: column(), high: column(), low: column(), close: column(), volume: column() };
  frame.bars.forEach((row, index) => {
    writeRow(candles, index, row);
  });
  const made = { candles, barCount: frame.bars.length, passes: new Map() };
  memories.set(frame, made);
  return made;
}

function startPass({ states, statesAt }: WindowFrame, names: readonly IndicatorName[], length: number): Pass {
  return { columns: new Map(names.map((name) => [name, new Float64Array(length).fill(Number.NaN, 0, statesAt)])), states, to: statesAt };
}

function writeRow(candles: Candles, index: number, [openTimeMs, open, high, low, close, volume]: BarRow): void {
  candles.openTimeMs[index] = openTimeMs;
  candles.open[index] = open;
  candles.high[index] = high;
  candles.low[index] = low;
  candles.close[index] = close;
  candles.volume[index] = volume;
}

function upTo({ openTimeMs, open, high, low, close, volume }: Candles, barCount: number): Candles {
  return {
    openTimeMs: openTimeMs.subarray(0, barCount),
    open: open.subarray(0, barCount),
    high: high.subarray(0, barCount),
    low: low.subarray(0, barCount),
    close: close.subarray(0, barCount),
    volume: volume.subarray(0, barCount),
  };
}
