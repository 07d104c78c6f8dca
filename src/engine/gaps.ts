import { TIMEFRAME_MS, type Timeframe } from './bar.ts';
import type { Candles } from './candles.ts';
import type { Gap } from './result.ts';

/** Where bars are missing between the first and the last, oldest first. Takes checked candles; invents nothing. */
export function findGaps(symbol: string, { openTimeMs }: Candles, timeframe: Timeframe): Gap[] {
  const stepMs = TIMEFRAME_MS[timeframe];
  const gaps: Gap[] = [];
  for (let row = 1; row < openTimeMs.length; row++) {
    const expectedMs = (openTimeMs[row - 1] as number) + stepMs;
    const timeMs = openTimeMs[row] as number;
    if (timeMs > expectedMs) gaps.push({ symbol, from: expectedMs, to: timeMs, missing_bars: (timeMs - expectedMs) / stepMs });
  }
  return gaps;
}
