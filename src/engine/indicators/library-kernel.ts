import type { Bar } from '../bar.ts';
import type { Candles } from '../candles.ts';
import type { IndicatorName } from './indicator-names.ts';
import { columnFor, type Kernel } from './kernel.ts';

/** An indicator of trading-signals at work: takes bar after bar and answers with a value per output, or null while there is none. */
export type LibraryPass = (bar: Bar) => readonly number[] | null;

export type LibraryFamily = {
  readonly outputs: readonly IndicatorName[];
  /** Bars up to and with the first known values. */
  readonly warmUpBars: number;
  /** Bars before one that its values depend on; null where the library goes on from value to value and so depends on all of them. */
  readonly windowBars: number | null;
  readonly open: () => LibraryPass;
};

export type BarsSeen = { readonly seenBars: number };

/** What goes on from value to value is begun anew at every so many bars, and used once it has seen as many. */
export const SETTLING_BARS = 256;

/**
 * A kernel around trading-signals. Its objects cannot go through JSON, so the state says no more than how many bars there
 * were, and a span that resumes replays those before it that its values depend on. The same bars in the same order
 * through a fresh object end in the same bits.
 */
export function libraryKernel({ outputs, warmUpBars, windowBars, open }: LibraryFamily): Kernel<BarsSeen> {
  return {
    warmUpBars: Object.fromEntries(outputs.map((name) => [name, warmUpBars])),
    lookbackBars: windowBars ?? 2 * SETTLING_BARS - 1,
    start: { seenBars: 0 },

    extend({ seenBars }, { candles, from, to }, columns) {
      if (from >= to) return { seenBars };
      const replayedBars = windowBars === null ? barsSinceSettling(seenBars) : Math.min(seenBars, windowBars);
      if (replayedBars > from) {
        throw new Error(`To go on, ${outputs.join(' and ')} need the ${replayedBars} bars before; ${from} are there.`);
      }
      const pass = windowBars === null ? openSettling(open) : open();
      for (let index = from - replayedBars; index < from; index += 1) pass(barAt(candles, index));
      const targets = outputs.map((name) => columnFor(columns, name));
      for (let index = from; index < to; index += 1) writeValues(targets, index, pass(barAt(candles, index)));
      return { seenBars: seenBars + to - from };
    },

    passOver: ({ seenBars }, barCount) => ({ seenBars: seenBars + barCount }),
  };
}

/** The whole columns of one pass, in the order of its outputs. */
export function passColumns(pass: LibraryPass, outputCount: number, candles: Candles): readonly Float64Array[] {
  const barCount = candles.close.length;
  const targets = Array.from({ length: outputCount }, () => new Float64Array(barCount));
  for (let index = 0; index < barCount; index += 1) writeValues(targets, index, pass(barAt(candles, index)));
  return targets;
}

/** Bars since the start of the block before the one that the next bar is in. */
function barsSinceSettling(seenBars: number): number {
  const block = Math.floor(seenBars / SETTLING_BARS);
  return seenBars - Math.max(0, block - 1) * SETTLING_BARS;
}

/**
 * A pass that depends on no more than two blocks of bars: each block is answered by what was begun with the block before.
 * The first bar it takes must be the first of a block.
 */
function openSettling(open: () => LibraryPass): LibraryPass {
  let settled = open();
  let settling = settled;
  let blockBars = 0;
  return (bar) => {
    if (blockBars === SETTLING_BARS) {
      settled = settling;
      settling = open();
      blockBars = 0;
    }
    blockBars += 1;
    if (settling !== settled) settling(bar);
    return settled(bar);
  };
}

function writeValues(targets: readonly Float64Array[], index: number, values: readonly number[] | null): void {
  for (let output = 0; output < targets.length; output += 1) {
    (targets[output] as Float64Array)[index] = values === null ? Number.NaN : (values[output] as number);
  }
}

/** A fresh object every time: trading-signals keeps the ones it is given. */
function barAt({ openTimeMs, open, high, low, close, volume }: Candles, index: number): Bar {
  return {
    openTimeMs: openTimeMs[index] as number,
    open: open[index] as number,
    high: high[index] as number,
    low: low[index] as number,
    close: close[index] as number,
    volume: volume[index] as number,
  };
}
