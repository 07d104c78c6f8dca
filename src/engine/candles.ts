import type { Bar } from './bar.ts';

/**
 * Bars of one symbol and timeframe as columns, oldest first: index i of every column is the same bar.
 * Prices in the quote currency, volume in the base currency, openTimeMs in UTC milliseconds.
 */
export type Candles = {
  readonly openTimeMs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
};

export const CANDLE_COLUMNS = ['openTimeMs', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Funding rates of one symbol, oldest first: a fraction of the position's notional, paid by longs to shorts when positive. */
export type FundingRates = {
  readonly timeMs: Float64Array;
  readonly rate: Float64Array;
};

/** New columns for so many bars in one SharedArrayBuffer, so that a worker thread can read them without a copy. */
export function allocateCandles(barCount: number): Candles {
  const shared = new SharedArrayBuffer(CANDLE_COLUMNS.length * barCount * Float64Array.BYTES_PER_ELEMENT);
  const column = (index: number) => new Float64Array(shared, index * barCount * Float64Array.BYTES_PER_ELEMENT, barCount);
  return { openTimeMs: column(0), open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) };
}

export function candlesFromBars(bars: readonly Bar[]): Candles {
  const candles = allocateCandles(bars.length);
  bars.forEach((bar, index) => {
    for (const name of CANDLE_COLUMNS) candles[name][index] = bar[name];
  });
  return candles;
}

/** The bars from index `from` up to and without index `to`, on the same memory. */
export function sliceCandles(candles: Candles, from: number, to: number): Candles {
  return {
    openTimeMs: candles.openTimeMs.subarray(from, to),
    open: candles.open.subarray(from, to),
    high: candles.high.subarray(from, to),
    low: candles.low.subarray(from, to),
    close: candles.close.subarray(from, to),
    volume: candles.volume.subarray(from, to),
  };
}

/** Index of the first bar that opens at or after the time; the number of bars if none does. */
export function firstBarFrom(candles: Candles, timeMs: number): number {
  return firstAtOrAfter(candles.openTimeMs, timeMs);
}

/** Index of the first of the rising times, from index `from` on, that lies at or after a time; their number if none does. */
export function firstAtOrAfter(timesMs: Float64Array, timeMs: number, from = 0): number {
  let low = from;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] as number) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
