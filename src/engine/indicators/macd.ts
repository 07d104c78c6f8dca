import { emaWeight } from './ema.ts';
import { columnFor, type Kernel } from './kernel.ts';

export type MacdState = {
  readonly seenBars: number;
  readonly fast: number | null;
  readonly slow: number | null;
  readonly signal: number | null;
};

type MacdLengths = { readonly fastBars: number; readonly slowBars: number; readonly signalBars: number };

/** Fast minus slow average of the close. The signal line averages that difference from its first known value on. */
export function macdKernel({ fastBars, slowBars, signalBars }: MacdLengths): Kernel<MacdState> {
  const fastWeight = emaWeight(fastBars);
  const slowWeight = emaWeight(slowBars);
  const signalWeight = emaWeight(signalBars);
  const signalWarmUpBars = slowBars + signalBars - 1;

  return {
    warmUpBars: { macd: slowBars, macd_signal: signalWarmUpBars, macd_hist: signalWarmUpBars },
    lookbackBars: 0,
    start: { seenBars: 0, fast: null, slow: null, signal: null },

    extend(state, { candles: { close }, from, to }, columns) {
      if (from >= to) return state;
      const differences = columnFor(columns, 'macd');
      const signals = columnFor(columns, 'macd_signal');
      const histogram = columnFor(columns, 'macd_hist');
      let { seenBars } = state;
      let fast = state.fast ?? (close[from] as number);
      let slow = state.slow ?? (close[from] as number);
      let signal = state.signal ?? Number.NaN;

      for (let index = from; index < to; index += 1) {
        const price = close[index] as number;
        fast = price * fastWeight + fast * (1 - fastWeight);
        slow = price * slowWeight + slow * (1 - slowWeight);
        seenBars += 1;
        const difference = fast - slow;
        if (seenBars >= slowBars) {
          const previous = seenBars === slowBars ? difference : signal;
          signal = difference * signalWeight + previous * (1 - signalWeight);
        }
        const signalKnown = seenBars >= signalWarmUpBars;
        differences[index] = seenBars < slowBars ? Number.NaN : difference;
        signals[index] = signalKnown ? signal : Number.NaN;
        histogram[index] = signalKnown ? difference - signal : Number.NaN;
      }

      // NaN would not survive JSON.
      return { seenBars, fast, slow, signal: Number.isNaN(signal) ? null : signal };
    },
  };
}
