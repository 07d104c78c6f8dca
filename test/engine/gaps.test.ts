import { describe, expect, it } from 'vitest';
import { candlesFromBars } from '../../src/engine/candles.ts';
import { findGaps } from '../../src/engine/gaps.ts';

const START_MS = Date.UTC(2025, 9, 10);
const MINUTE_MS = 60_000;

describe('findGaps', () => {
  it('finds nothing where every bar is there', () => {
    expect(findGaps('BTC-USD', openAt(0, 5, 10, 15), '5m')).toEqual([]);
  });

  it('names the first missing bar, the next bar and how many are missing', () => {
    expect(findGaps('BTC-USD', openAt(0, 5, 15, 20, 60), '5m')).toEqual([
      { symbol: 'BTC-USD', from: START_MS + 10 * MINUTE_MS, to: START_MS + 15 * MINUTE_MS, missing_bars: 1 },
      { symbol: 'BTC-USD', from: START_MS + 25 * MINUTE_MS, to: START_MS + 60 * MINUTE_MS, missing_bars: 7 },
    ]);
  });

  it('sees no gap around no bars or one', () => {
    expect(findGaps('BTC-USD', openAt(), '1m')).toEqual([]);
    expect(findGaps('BTC-USD', openAt(5), '1m')).toEqual([]);
  });
});

function openAt(...minutes: readonly number[]) {
  return candlesFromBars(
    minutes.map((minute) => ({ openTimeMs: START_MS + minute * MINUTE_MS, open: 1, high: 1, low: 1, close: 1, volume: 0 })),
  );
}
