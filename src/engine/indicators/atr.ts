import { columnFor, type Kernel } from './kernel.ts';
import { wilderSmoothing } from './wilder.ts';

export type AtrState = { readonly seenBars: number; readonly range: number };

/** Wilder's average true range. The first bar has no close before it: its true range is high − low. */
export function atrKernel(lengthBars: number): Kernel<AtrState> {
  const smooth = wilderSmoothing(lengthBars);

  return {
    warmUpBars: { atr: lengthBars },
    lookbackBars: 1,
    start: { seenBars: 0, range: 0 },

    extend(state, { candles: { high, low, close }, from, to }, columns) {
      const ranges = columnFor(columns, 'atr');
      let { seenBars, range } = state;

      let index = from;
      for (; index < to && seenBars < lengthBars; index += 1) {
        const top = high[index] as number;
        const bottom = low[index] as number;
        const trueRange = seenBars === 0 ? top - bottom : trueRangeFrom(close[index - 1] as number, top, bottom);
        seenBars += 1;
        range = smooth(range, trueRange, seenBars);
        ranges[index] = seenBars < lengthBars ? Number.NaN : range;
      }
      // Once the window is full: the same, written out, which takes half as long.
      const share = 1 / lengthBars;
      seenBars += to - index;
      for (; index < to; index += 1) {
        const trueRange = trueRangeFrom(close[index - 1] as number, high[index] as number, low[index] as number);
        range = (trueRange - range) * share + range;
        ranges[index] = range;
      }

      return { seenBars, range };
    },
  };
}

export function trueRangeFrom(previousClose: number, high: number, low: number): number {
  return Math.max(high - low, Math.abs(high - previousClose), Math.abs(low - previousClose));
}
