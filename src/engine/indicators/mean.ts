import type { IndicatorName } from './indicator-names.ts';
import { columnFor, type Kernel } from './kernel.ts';

/** The window's sum, and what rounding has kept out of it so far. */
export type WindowSum = { readonly seenBars: number; readonly sum: number; readonly lost: number };

type MeanOf = { readonly source: 'close' | 'volume'; readonly output: IndicatorName; readonly lengthBars: number };

/**
 * Simple moving average from a running sum. What each addition loses to rounding is kept and added back, so the sum
 * neither drifts over millions of bars nor remembers a price or volume that has left the window.
 */
export function meanKernel({ source, output, lengthBars }: MeanOf): Kernel<WindowSum> {
  return {
    warmUpBars: { [output]: lengthBars },
    lookbackBars: lengthBars,
    start: { seenBars: 0, sum: 0, lost: 0 },

    extend(state, { candles, from, to }, columns) {
      const values = candles[source];
      const means = columnFor(columns, output);
      let { seenBars, sum, lost } = state;

      let index = from;
      for (; index < to && seenBars < lengthBars; index += 1) {
        const entering = values[index] as number;
        const added = sum + entering;
        lost += roundingLoss(sum, entering, added);
        sum = added;
        seenBars += 1;
        means[index] = seenBars < lengthBars ? Number.NaN : (sum + lost) / lengthBars;
      }
      seenBars += to - index;
      for (; index < to; index += 1) {
        const entering = values[index] as number;
        const added = sum + entering;
        lost += roundingLoss(sum, entering, added);
        const leaving = -(values[index - lengthBars] as number);
        sum = added + leaving;
        lost += roundingLoss(added, leaving, sum);
        means[index] = (sum + lost) / lengthBars;
      }

      return { seenBars, sum, lost };
    },
  };
}

/** The exact difference between a + b and its rounded sum (Knuth's two-sum). */
function roundingLoss(a: number, b: number, sum: number): number {
  const second = sum - a;
  return a - (sum - second) + (b - second);
}
