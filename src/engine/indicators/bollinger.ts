import { columnFor, type Kernel } from './kernel.ts';
import { meanKernel, type WindowSum } from './mean.ts';

const DEVIATIONS = 2;

/**
 * Bollinger bands. The deviation is taken afresh over each window: running sums of squares would cancel
 * to noise where the price is high and its movement small.
 */
export function bollingerKernel(lengthBars: number): Kernel<WindowSum> {
  const mean = meanKernel({ source: 'close', output: 'bb_middle', lengthBars });

  return {
    warmUpBars: { bb_upper: lengthBars, bb_middle: lengthBars, bb_lower: lengthBars },
    lookbackBars: mean.lookbackBars,
    start: mean.start,

    extend(state, span, columns) {
      const { candles, from, to } = span;
      const next = mean.extend(state, span, columns);
      const middles = columnFor(columns, 'bb_middle');
      const uppers = columnFor(columns, 'bb_upper');
      const lowers = columnFor(columns, 'bb_lower');

      for (let index = from; index < to; index += 1) {
        const middle = middles[index] as number;
        const reach = Number.isNaN(middle) ? Number.NaN : DEVIATIONS * deviationAt(candles.close, index, middle, lengthBars);
        uppers[index] = middle + reach;
        lowers[index] = middle - reach;
      }

      return next;
    },
  };
}

/** Population standard deviation of the window that ends at the index. */
function deviationAt(values: Float64Array, index: number, mean: number, lengthBars: number): number {
  let squares = 0;
  for (let inside = index - lengthBars + 1; inside <= index; inside += 1) {
    const distance = (values[inside] as number) - mean;
    squares += distance * distance;
  }
  return Math.sqrt(squares / lengthBars);
}
