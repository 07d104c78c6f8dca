import { OBV } from 'trading-signals';
import { columnFor, type Kernel } from './kernel.ts';

export type ObvState = { readonly seenBars: number; readonly total: number };

/**
 * On-balance volume since the column's first bar. Its level may never start over, so the library is asked for the change of
 * each two bars, and the sum, which is the whole of its memory, is carried here.
 */
export const obvKernel: Kernel<ObvState> = {
  warmUpBars: { obv: 2 },
  lookbackBars: 1,
  start: { seenBars: 0, total: 0 },

  extend(state, { candles: { close, volume }, from, to }, columns) {
    const totals = columnFor(columns, 'obv');
    let { seenBars, total } = state;

    for (let index = from; index < to; index += 1) {
      if (seenBars === 0) {
        totals[index] = Number.NaN;
      } else {
        const change = new OBV(2);
        change.add(candleAt(index - 1));
        total += change.add(candleAt(index)) ?? 0;
        totals[index] = total;
      }
      seenBars += 1;
    }

    return { seenBars, total };

    function candleAt(index: number) {
      const price = close[index] as number;
      return { open: price, high: price, low: price, close: price, volume: volume[index] as number };
    }
  },
};
