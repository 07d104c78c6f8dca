import { describe, expect, it } from 'vitest';
import { aggregateCandles, visibleIndex } from '../../src/engine/aggregate.ts';
import { DAY_MS, HOUR_MS } from '../../src/engine/bar.ts';
import { CANDLE_COLUMNS, type Candles, candlesFromBars, sliceCandles } from '../../src/engine/candles.ts';
import { candlesFromRows, openMs, type Row, randomWalk, START_MS } from '../support/bars.ts';

function asRows(candles: Candles): number[][] {
  return Array.from(candles.openTimeMs, (_, index) => CANDLE_COLUMNS.map((name) => candles[name][index] ?? Number.NaN));
}

const THREE: readonly Row[] = [
  [100, 104, 99, 103, 1],
  [103, 108, 102, 107, 2],
  [107, 107, 96, 98, 4],
];

describe('a higher bar', () => {
  it('has the first open, the highest high, the lowest low, the last close and the sum of the volumes', () => {
    expect(asRows(aggregateCandles(candlesFromRows(THREE), '5m', '15m'))).toEqual([[START_MS, 100, 108, 96, 98, 7]]);
  });

  it('is left out until a base bar closes at or after its boundary', () => {
    const five = [...THREE, ...THREE.slice(0, 2)];

    expect(asRows(aggregateCandles(candlesFromRows(five), '5m', '15m'))).toHaveLength(1);
    expect(asRows(aggregateCandles(candlesFromRows([...five, ...THREE.slice(2)]), '5m', '15m'))).toHaveLength(2);
  });

  it('comes from whatever base bars its span got, the first partial one too, and never from none', () => {
    const startMs = openMs(1);
    const rows = [THREE[0], THREE[1], null, THREE[2], null, null, null, null, THREE[0]].map((row) => row ?? null);

    expect(
      asRows(aggregateCandles(candlesFromRows(rows, { startMs }), '5m', '15m')),
      'the third quarter has none, the fourth is open',
    ).toEqual([
      [START_MS, 100, 108, 99, 107, 3],
      [openMs(3), 107, 107, 96, 98, 4],
    ]);
  });

  it('begins on the UTC boundary of its timeframe', () => {
    const bars = candlesFromBars(randomWalk({ seed: 1, barCount: 600, startMs: START_MS + 7 * HOUR_MS, missing: 0.3 }));

    for (const [timeframe, lengthMs] of [
      ['15m', HOUR_MS / 4],
      ['1h', HOUR_MS],
      ['4h', 4 * HOUR_MS],
      ['1d', DAY_MS],
    ] as const) {
      const higher = aggregateCandles(bars, '5m', timeframe);
      expect(higher.openTimeMs.length, timeframe).toBeGreaterThan(0);
      expect([...higher.openTimeMs].every((time) => time % lengthMs === 0)).toBe(true);
    }
  });

  it('is the same however much of the future there is', () => {
    const all = candlesFromBars(randomWalk({ seed: 2, barCount: 400, missing: 0.2 }));
    const whole = asRows(aggregateCandles(all, '5m', '1h'));

    for (const cut of [1, 50, 133, 200, all.openTimeMs.length]) {
      const early = asRows(aggregateCandles(sliceCandles(all, 0, cut), '5m', '1h'));
      expect(whole.slice(0, early.length)).toEqual(early);
    }
  });

  it('of no bars is no bar', () => {
    expect(asRows(aggregateCandles(candlesFromRows([]), '5m', '1h'))).toEqual([]);
  });
});

describe('the higher bar that may be seen', () => {
  it('is the last whose boundary lies at or before the base close', () => {
    const base = candlesFromRows([THREE[0], THREE[1], THREE[2], THREE[0], THREE[1], THREE[2], THREE[0]].map((row) => row ?? null));

    expect([...visibleIndex(base, '5m', aggregateCandles(base, '5m', '15m'), '15m')]).toEqual([-1, -1, 0, 0, 0, 1, 1]);
  });

  it('appears with the first base close after its boundary when its last base bar is missing', () => {
    const base = candlesFromRows([THREE[0], THREE[1], null, THREE[0], null, null, null, THREE[0]].map((row) => row ?? null));

    expect([...visibleIndex(base, '5m', aggregateCandles(base, '5m', '15m'), '15m')], 'at bars 0, 1, 3 and 7').toEqual([-1, -1, 0, 1]);
  });
});
