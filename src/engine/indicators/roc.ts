import { columnFor, type Kernel } from './kernel.ts';

export type RocState = { readonly seenBars: number };

/** Rate of change of the close over the length; percent. */
export function rocKernel(lengthBars: number): Kernel<RocState> {
  return {
    warmUpBars: { roc: lengthBars + 1 },
    lookbackBars: lengthBars,
    start: { seenBars: 0 },

    extend(state, { candles: { close }, from, to }, columns) {
      const changes = columnFor(columns, 'roc');
      let { seenBars } = state;

      for (let index = from; index < to; index += 1) {
        const base = seenBars < lengthBars ? Number.NaN : (close[index - lengthBars] as number);
        changes[index] = (((close[index] as number) - base) / base) * 100;
        seenBars += 1;
      }

      return { seenBars };
    },
  };
}
