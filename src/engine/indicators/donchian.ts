import { columnFor, type Kernel } from './kernel.ts';

export type DonchianState = { readonly seenBars: number };

/** Highest high and lowest low of the previous bars, this one excluded: a bar can break its own channel. */
export function donchianKernel(lengthBars: number): Kernel<DonchianState> {
  return {
    warmUpBars: { donchian_high: lengthBars + 1, donchian_low: lengthBars + 1 },
    lookbackBars: lengthBars,
    start: { seenBars: 0 },

    extend({ seenBars }, { candles: { high, low }, from, to }, columns) {
      const highs = columnFor(columns, 'donchian_high');
      const lows = columnFor(columns, 'donchian_low');
      const known = Math.min(to, Math.max(from, from + lengthBars - seenBars));
      highs.fill(Number.NaN, from, known);
      lows.fill(Number.NaN, from, known);

      // The window is searched again only once the extreme itself has left it.
      let highest = -1;
      let lowest = -1;
      for (let index = known; index < to; index += 1) {
        const first = index - lengthBars;
        const newest = index - 1;
        if (highest < first) highest = indexOfHighest(high, first, index);
        else if ((high[newest] as number) >= (high[highest] as number)) highest = newest;
        if (lowest < first) lowest = indexOfLowest(low, first, index);
        else if ((low[newest] as number) <= (low[lowest] as number)) lowest = newest;
        highs[index] = high[highest] as number;
        lows[index] = low[lowest] as number;
      }

      return { seenBars: seenBars + Math.max(0, to - from) };
    },
  };
}

function indexOfHighest(values: Float64Array, from: number, to: number): number {
  let best = from;
  for (let index = from + 1; index < to; index += 1) if ((values[index] as number) >= (values[best] as number)) best = index;
  return best;
}

function indexOfLowest(values: Float64Array, from: number, to: number): number {
  let best = from;
  for (let index = from + 1; index < to; index += 1) if ((values[index] as number) <= (values[best] as number)) best = index;
  return best;
}
