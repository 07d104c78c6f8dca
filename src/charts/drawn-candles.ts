import { DAY_MS, TIMEFRAME_MS, TIMEFRAMES, type Timeframe } from '../engine/bar.ts';
import { allocateCandles, type Candles, firstBarFrom, sliceCandles } from '../engine/candles.ts';

/** More candles than this cannot be told apart on a phone. */
export const MAX_DRAWN_CANDLES = 300;

export type DrawnCandles = {
  readonly candles: Candles;
  readonly timeframe: Timeframe;
  /** How many days make one candle; null when a candle is one bar of the timeframe. */
  readonly groupedDays: number | null;
};

/** The bars themselves, or bars of the smallest higher timeframe of which few enough cover the range; groups of days if no timeframe does. */
export function drawnCandles(candles: Candles, timeframe: Timeframe): DrawnCandles {
  if (candles.openTimeMs.length <= MAX_DRAWN_CANDLES) return { candles, timeframe, groupedDays: null };
  for (const higher of TIMEFRAMES.slice(TIMEFRAMES.indexOf(timeframe) + 1)) {
    const merged = mergeCandles(candles, TIMEFRAME_MS[higher], 0);
    if (merged.openTimeMs.length <= MAX_DRAWN_CANDLES) return { candles: merged, timeframe: higher, groupedDays: null };
  }
  const times = candles.openTimeMs;
  const firstDayMs = Math.floor((times[0] as number) / DAY_MS) * DAY_MS;
  const days = ((times[times.length - 1] as number) - firstDayMs) / DAY_MS + 1;
  const groupedDays = Math.ceil(days / MAX_DRAWN_CANDLES);
  return { candles: mergeCandles(candles, groupedDays * DAY_MS, firstDayMs), timeframe: '1d', groupedDays };
}

/** One candle for each span that holds a bar: first open, highest high, lowest low, last close, summed volume. */
function mergeCandles(candles: Candles, spanMs: number, originMs: number): Candles {
  const count = candles.openTimeMs.length;
  const spanOf = (index: number) => Math.floor(((candles.openTimeMs[index] as number) - originMs) / spanMs);
  const merged = allocateCandles(count);
  let last = -1;
  for (let index = 0; index < count; index++) {
    const openTimeMs = originMs + spanOf(index) * spanMs;
    if (last < 0 || merged.openTimeMs[last] !== openTimeMs) {
      last++;
      merged.openTimeMs[last] = openTimeMs;
      merged.open[last] = candles.open[index] as number;
      merged.high[last] = candles.high[index] as number;
      merged.low[last] = candles.low[index] as number;
      merged.volume[last] = 0;
    }
    merged.high[last] = Math.max(merged.high[last] as number, candles.high[index] as number);
    merged.low[last] = Math.min(merged.low[last] as number, candles.low[index] as number);
    merged.close[last] = candles.close[index] as number;
    merged.volume[last] = (merged.volume[last] as number) + (candles.volume[index] as number);
  }
  return sliceCandles(merged, 0, last + 1);
}

/** Index of the candle in which a time falls, held inside the candles there are. */
export function candleAt(candles: Candles, timeMs: number): number {
  return Math.max(0, firstBarFrom(candles, timeMs + 1) - 1);
}
