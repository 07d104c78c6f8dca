import { TIMEFRAME_MS, type Timeframe } from './bar.ts';
import { allocateCandles, type Candles, sliceCandles } from './candles.ts';

/**
 * Higher bars from base bars: each from whatever base bars its span got, kept once its boundary has passed at a base
 * close. A first partial bar counts; the last one is left out until a base bar closes at or after its boundary.
 */
export function aggregateCandles(base: Candles, from: Timeframe, to: Timeframe): Candles {
  const fromMs = TIMEFRAME_MS[from];
  const toMs = TIMEFRAME_MS[to];
  const baseCount = base.openTimeMs.length;
  const higher = allocateCandles(countBoundaries(base, toMs));
  let count = 0;
  let openTimeMs = Number.NaN;

  for (let index = 0; index < baseCount; index++) {
    const time = base.openTimeMs[index] as number;
    const boundary = time - (time % toMs);
    if (boundary !== openTimeMs) {
      openTimeMs = boundary;
      higher.openTimeMs[count] = boundary;
      higher.open[count] = base.open[index] as number;
      higher.high[count] = base.high[index] as number;
      higher.low[count] = base.low[index] as number;
      count++;
    }
    const current = count - 1;
    if ((base.high[index] as number) > (higher.high[current] as number)) higher.high[current] = base.high[index] as number;
    if ((base.low[index] as number) < (higher.low[current] as number)) higher.low[current] = base.low[index] as number;
    higher.close[current] = base.close[index] as number;
    higher.volume[current] = (higher.volume[current] as number) + (base.volume[index] as number);
  }

  const lastCloseMs = baseCount === 0 ? 0 : (base.openTimeMs[baseCount - 1] as number) + fromMs;
  const closed = count > 0 && openTimeMs + toMs > lastCloseMs ? count - 1 : count;
  return sliceCandles(higher, 0, closed);
}

function countBoundaries(base: Candles, toMs: number): number {
  let count = 0;
  let boundary = -1;
  for (const time of base.openTimeMs) {
    if (boundary >= 0 && time < boundary + toMs) continue;
    boundary = time - (time % toMs);
    count++;
  }
  return count;
}

/**
 * For each bar of `candles`, the index of the last bar of `higher` whose boundary lies at or before that bar's close:
 * the last one that may be seen then. −1 where none may.
 */
export function visibleIndex(candles: Candles, timeframe: Timeframe, higher: Candles, higherTimeframe: Timeframe): Int32Array {
  const visible = new Int32Array(candles.openTimeMs.length);
  const closeMs = TIMEFRAME_MS[timeframe];
  const higherMs = TIMEFRAME_MS[higherTimeframe];
  let last = -1;
  for (let index = 0; index < visible.length; index++) {
    const seenAtMs = (candles.openTimeMs[index] as number) + closeMs;
    while (last + 1 < higher.openTimeMs.length && (higher.openTimeMs[last + 1] as number) + higherMs <= seenAtMs) last++;
    visible[index] = last;
  }
  return visible;
}
