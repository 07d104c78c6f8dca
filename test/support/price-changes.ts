import type { Candles } from '../../src/engine/candles.ts';

/** The same bars at other prices; the change keeps higher prices higher. */
export function withPrices({ openTimeMs, open, high, low, close, volume }: Candles, change: (price: number) => number): Candles {
  return { openTimeMs, open: open.map(change), high: high.map(change), low: low.map(change), close: close.map(change), volume };
}

/** The same bars upside down, with the signals in the volume turned round: the change makes higher prices lower. */
export function turnedPrices(candles: Candles, change: (price: number) => number): Candles {
  const { high, low, ...turned } = withPrices(candles, change);
  return { ...turned, high: low, low: high, volume: candles.volume.map((volume) => 1 - volume) };
}
