import type { IndicatorName } from './indicator-names.ts';
import { columnFor, type Kernel } from './kernel.ts';

export type EmaState = { readonly seenBars: number; readonly average: number | null };

/** Exponential moving average of the close, seeded with the first close and known from the bar that fills its length. */
export function emaKernel({ output, lengthBars }: { readonly output: IndicatorName; readonly lengthBars: number }): Kernel<EmaState> {
  const weight = emaWeight(lengthBars);

  return {
    warmUpBars: { [output]: lengthBars },
    lookbackBars: 0,
    start: { seenBars: 0, average: null },

    extend(state, { candles: { close }, from, to }, columns) {
      if (from >= to) return state;
      const averages = columnFor(columns, output);
      let { seenBars } = state;
      let average = state.average ?? (close[from] as number);

      for (let index = from; index < to; index += 1) {
        average = (close[index] as number) * weight + average * (1 - weight);
        seenBars += 1;
        averages[index] = seenBars < lengthBars ? Number.NaN : average;
      }

      return { seenBars, average };
    },
  };
}

export function emaWeight(lengthBars: number): number {
  return 2 / (lengthBars + 1);
}
