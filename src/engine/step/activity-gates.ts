import { HOUR_MS } from '../bar.ts';
import type { Settings } from '../settings.ts';
import type { SymbolState } from '../state.ts';

/** Whether the close has moved enough from the last fill, or that fill is too old to matter, or there was none. */
export function movedEnough(
  { lastFillPrice, lastFillTimeMs }: SymbolState,
  { min_price_move_pct, max_staleness_seconds }: Settings,
  close: number,
  closeTimeMs: number,
): boolean {
  if (lastFillPrice === null || lastFillTimeMs === null) return true;
  if (closeTimeMs - lastFillTimeMs > max_staleness_seconds * 1_000) return true;
  return (Math.abs(close - lastFillPrice) / lastFillPrice) * 100 >= min_price_move_pct;
}

/** Fills of every kind in (now − 1 h, now]. */
export function hourlyFills({ recentFillTimesMs }: SymbolState, nowMs: number): number {
  let count = 0;
  for (let index = recentFillTimesMs.length - 1; index >= 0 && (recentFillTimesMs[index] as number) > nowMs - HOUR_MS; index--) count++;
  return count;
}
