import { firstAtOrAfter } from '../engine/candles.ts';
import type { EquityCurve } from '../engine/equity-curve.ts';

export type Point = { readonly x: number; readonly y: number };

/**
 * The equity as a line over candles that may each hold many closes: through the lowest, the highest and the last close of each, in the order
 * in which they came, so that no extreme is lost. Times are the opens of the candles, x their indexes.
 */
export function equityPath({ timesMs, values }: EquityCurve, openTimesMs: Float64Array): readonly Point[] {
  const points: Point[] = [];
  let next = 0;
  for (let x = 0; x < openTimesMs.length; x++) {
    const until = firstAtOrAfter(timesMs, openTimesMs[x + 1] ?? Number.POSITIVE_INFINITY, next);
    const kept = until > next ? extremesAndLast(values, next, until) : [];
    kept.forEach((index, place) => {
      points.push({ x: x + ((place + 1) / kept.length - 1) * SPREAD, y: values[index] as number });
    });
    next = until;
  }
  return points;
}

/** The last close stands in the middle of its candle, those before it to its left. */
const SPREAD = 0.6;

/** Indexes in their order, each once. */
function extremesAndLast(values: Float64Array, from: number, until: number): readonly number[] {
  let lowest = from;
  let highest = from;
  for (let index = from + 1; index < until; index++) {
    if ((values[index] as number) < (values[lowest] as number)) lowest = index;
    if ((values[index] as number) > (values[highest] as number)) highest = index;
  }
  return [...new Set([lowest, highest, until - 1])].sort((one, other) => one - other);
}
