import { columnFor, type Kernel } from './kernel.ts';
import { wilderSmoothing } from './wilder.ts';

export type RsiState = { readonly seenBars: number; readonly gain: number; readonly loss: number };

/** Wilder's relative strength index of the close; 100 while the smoothed loss is nothing at all. */
export function rsiKernel(lengthBars: number): Kernel<RsiState> {
  const smooth = wilderSmoothing(lengthBars);

  return {
    warmUpBars: { rsi: lengthBars + 1 },
    lookbackBars: 1,
    start: { seenBars: 0, gain: 0, loss: 0 },

    extend(state, { candles: { close }, from, to }, columns) {
      const strengths = columnFor(columns, 'rsi');
      let { seenBars, gain, loss } = state;

      let index = from;
      for (; index < to && seenBars <= lengthBars; index += 1) {
        if (seenBars > 0) {
          const change = (close[index] as number) - (close[index - 1] as number);
          gain = smooth(gain, Math.max(change, 0), seenBars);
          loss = smooth(loss, Math.max(-change, 0), seenBars);
        }
        strengths[index] = seenBars < lengthBars ? Number.NaN : strength(gain, loss);
        seenBars += 1;
      }
      // Once the window is full: the same, written out, which takes half as long.
      const share = 1 / lengthBars;
      seenBars += to - index;
      for (; index < to; index += 1) {
        const change = (close[index] as number) - (close[index - 1] as number);
        // The rise is half of size + change and the fall half of size − change, to the bit. Asking which of them it is would be guessed wrong half
        // of the time, which takes longer.
        const size = Math.abs(change);
        gain = ((size + change) / 2 - gain) * share + gain;
        loss = ((size - change) / 2 - loss) * share + loss;
        strengths[index] = strength(gain, loss);
      }

      return { seenBars, gain, loss };
    },
  };
}

function strength(gain: number, loss: number): number {
  return loss === 0 ? 100 : 100 - 100 / (gain / loss + 1);
}
