import { TIMEFRAME_MS, type Timeframe } from './bar.ts';
import type { Candles } from './candles.ts';

/** A bar that may not be used: its index and what is wrong with it, in words that quote what was seen. */
export type BadBar = { readonly row: number; readonly reason: string };

/** The first bad bar, or null when all are good. Every way bars come in passes through here. */
export function checkCandles(candles: Candles, timeframe: Timeframe): BadBar | null {
  const { openTimeMs, open, high, low, close, volume } = candles;
  const stepMs = TIMEFRAME_MS[timeframe];
  let previousMs = Number.NEGATIVE_INFINITY;

  for (let row = 0; row < openTimeMs.length; row++) {
    const timeMs = openTimeMs[row] as number;
    const top = high[row] as number;
    const bottom = low[row] as number;
    const first = open[row] as number;
    const last = close[row] as number;
    const traded = volume[row] as number;
    // Written so that a NaN anywhere makes a comparison false, and so the bar bad.
    const good =
      timeMs > previousMs &&
      timeMs % stepMs === 0 &&
      bottom > 0 &&
      bottom <= first &&
      bottom <= last &&
      top >= first &&
      top >= last &&
      top < Number.POSITIVE_INFINITY &&
      traded >= 0 &&
      traded < Number.POSITIVE_INFINITY;
    if (!good) return { row, reason: explain(candles, row, timeframe) };
    previousMs = timeMs;
  }
  return null;
}

function explain(candles: Candles, row: number, timeframe: Timeframe): string {
  return badTime(candles, row, timeframe) ?? badNumber(candles, row) ?? badShape(candles, row);
}

function badTime({ openTimeMs }: Candles, row: number, timeframe: Timeframe): string | null {
  const timeMs = openTimeMs[row] as number;
  const previousMs = row === 0 ? Number.NEGATIVE_INFINITY : (openTimeMs[row - 1] as number);
  if (!Number.isInteger(timeMs)) return `time ${timeMs} is not a whole number; a bar's time is its open in UTC milliseconds`;
  if (timeMs === previousMs) return `time ${spell(timeMs)} is a duplicate of the bar before; every time may be there once`;
  if (timeMs < previousMs) return `time ${spell(timeMs)} is out of order after ${spell(previousMs)}; bars go from oldest to newest`;
  const stepMs = TIMEFRAME_MS[timeframe];
  const beforeMs = Math.floor(timeMs / stepMs) * stepMs;
  if (timeMs !== beforeMs) {
    return `time ${spell(timeMs)} is not aligned to ${timeframe}; the nearest ${timeframe} opens are ${spell(beforeMs)} and ${spell(beforeMs + stepMs)}`;
  }
  return null;
}

function badNumber(candles: Candles, row: number): string | null {
  for (const name of ['open', 'high', 'low', 'close'] as const) {
    const price = candles[name][row] as number;
    if (!Number.isFinite(price)) return `${name} is ${price}; a price must be a finite number`;
    if (price <= 0) return `${name} is ${price}; a price must be above 0`;
  }
  const volume = candles.volume[row] as number;
  if (!Number.isFinite(volume)) return `volume is ${volume}; it must be a finite number`;
  if (volume < 0) return `volume is ${volume}; it must be 0 or more`;
  return null;
}

function badShape(candles: Candles, row: number): string {
  const open = candles.open[row] as number;
  const close = candles.close[row] as number;
  const high = candles.high[row] as number;
  const most = Math.max(open, close);
  if (high < most) return `high ${high} is below the ${open > close ? 'open' : 'close'} ${most}; it must be at least both`;
  const least = Math.min(open, close);
  return `low ${candles.low[row]} is above the ${open < close ? 'open' : 'close'} ${least}; it must be at most both`;
}

/** Milliseconds and, inside the calendar's range, the date: people compare the one with their file and understand the other. */
function spell(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? `${timeMs}` : `${timeMs} (${date.toISOString().replace('.000Z', 'Z')})`;
}
