import { DAY_MS } from '../bar.ts';
import { columnFor, type Kernel } from './kernel.ts';

export type VwapState = {
  /** Days since 1970 of the sums; null before the first bar. */
  readonly day: number | null;
  readonly priceVolume: number;
  readonly volume: number;
};

/** Volume-weighted typical price since 00:00 UTC of the bar's open; unknown until the day has volume. */
export const vwapKernel: Kernel<VwapState> = {
  warmUpBars: { vwap: 1 },
  lookbackBars: 0,
  start: { day: null, priceVolume: 0, volume: 0 },

  extend(state, { candles, from, to }, columns) {
    const averages = columnFor(columns, 'vwap');
    const { openTimeMs, high, low, close, volume } = candles;
    let { day, priceVolume, volume: dayVolume } = state;

    for (let index = from; index < to; index += 1) {
      const barDay = Math.floor((openTimeMs[index] as number) / DAY_MS);
      if (barDay !== day) {
        day = barDay;
        priceVolume = 0;
        dayVolume = 0;
      }
      const traded = volume[index] as number;
      priceVolume += (((high[index] as number) + (low[index] as number) + (close[index] as number)) / 3) * traded;
      dayVolume += traded;
      averages[index] = dayVolume === 0 ? Number.NaN : priceVolume / dayVolume;
    }

    return { day, priceVolume, volume: dayVolume };
  },
};
