import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/engine/bar.ts';
import { allocateCandles, type Candles, candlesFromBars } from '../../../src/engine/candles.ts';
import { computeIndicator } from '../../../src/engine/indicators/compute-columns.ts';
import type { IndicatorName } from '../../../src/engine/indicators/indicator-names.ts';
import { type IndicatorPeriods, resolvePeriods } from '../../../src/engine/indicators/periods.ts';
import { lehmer } from './walks.ts';

const periodsOf = (custom: Record<string, number>): IndicatorPeriods =>
  resolvePeriods({ indicator_mode: 'custom', custom_indicator_periods: custom });

const candlesOf = (closes: readonly number[], change: Partial<Record<keyof Candles, readonly number[]>> = {}): Candles =>
  candlesFromBars(
    closes.map((close, index) => ({
      openTimeMs: change.openTimeMs?.[index] ?? index * MINUTE_MS,
      open: close,
      high: change.high?.[index] ?? close,
      low: change.low?.[index] ?? close,
      close,
      volume: change.volume?.[index] ?? 1,
    })),
  );

const compute = (name: IndicatorName, candles: Candles, custom: Record<string, number> = {}) => [
  ...computeIndicator(name, candles, periodsOf(custom)),
];

describe('moving average', () => {
  it('does not drift over a million bars', () => {
    const chance = lehmer(11);
    const candles = allocateCandles(1_000_000);
    for (let index = 0; index < 1_000_000; index += 1) candles.close[index] = 65_000 * (1 + chance());

    const column = computeIndicator('sma_long', candles, periodsOf({}));

    const window = candles.close.subarray(1_000_000 - 200);
    const expected = window.reduce((sum, close) => sum + close, 0) / 200;
    expect(Math.abs((column.at(-1) ?? Number.NaN) / expected - 1)).toBeLessThan(1e-14);
  });

  it('forgets a huge value once it has left the window', () => {
    const closes = [1e15, ...Array.from({ length: 6 }, () => 0.5)];

    expect(compute('sma_short', candlesOf(closes), { sma_short: 3 }).slice(3)).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('of the volume is exactly 0 in a window without trades', () => {
    const volume = [0.1, 0.2, 12_345.678, 0, 0, 0];

    expect(compute('volume_sma', candlesOf([1, 1, 1, 1, 1, 1], { volume }), { volume_sma: 3 }).at(-1)).toBe(0);
  });
});

describe('exponential average', () => {
  it('is seeded with the first close', () => {
    expect(compute('ema_fast', candlesOf([10, 16, 11]), { ema_fast: 2 })).toEqual([Number.NaN, 14, 12]);
  });
});

describe('rsi', () => {
  it('is 100 without losses, in a flat market too', () => {
    expect(compute('rsi', candlesOf([1, 2, 3, 3, 3]), { rsi: 2 })).toEqual([Number.NaN, Number.NaN, 100, 100, 100]);
    expect(compute('rsi', candlesOf([7, 7, 7, 7]), { rsi: 2 }).slice(2)).toEqual([100, 100]);
  });

  it('is 0 without gains', () => {
    expect(compute('rsi', candlesOf([4, 3, 2, 1]), { rsi: 2 }).slice(2)).toEqual([0, 0]);
  });
});

describe('atr', () => {
  it('starts with the high − low of the first bar and counts gaps from then on', () => {
    const candles = candlesOf([10, 20], { high: [12, 21], low: [9, 19] });

    expect(compute('atr', candles, { atr: 1 })).toEqual([3, 11]);
    expect(compute('atr', candles, { atr: 2 })).toEqual([Number.NaN, 7]);
  });
});

describe('adx', () => {
  it('is 0 where nothing ever moved, and recovers when something does', () => {
    const flat = Array.from({ length: 10 }, () => 5);

    expect(compute('adx', candlesOf(flat), { adx: 3 }).slice(4)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(compute('adx', candlesOf([...flat, 6, 7, 8]), { adx: 3 }).at(-1)).toBeGreaterThan(50);
  });
});

describe('donchian', () => {
  it('leaves this bar out, so that a close can break the channel', () => {
    const candles = candlesOf([1, 5, 3, 9, 2], { high: [2, 6, 4, 10, 3], low: [0.5, 4, 2, 8, 1] });

    expect(compute('donchian_high', candles, { donchian: 2 })).toEqual([Number.NaN, Number.NaN, 6, 6, 10]);
    expect(compute('donchian_low', candles, { donchian: 2 })).toEqual([Number.NaN, Number.NaN, 0.5, 2, 2]);
  });
});

describe('bollinger bands', () => {
  it('lie two population deviations around the mean', () => {
    const candles = candlesOf([2, 4, 4, 4, 5, 5, 7, 9]);

    expect((['bb_lower', 'bb_middle', 'bb_upper'] as const).map((name) => compute(name, candles, { bb: 8 }).at(-1))).toEqual([1, 5, 9]);
  });
});

describe('roc', () => {
  it('is in percent', () => {
    expect(compute('roc', candlesOf([100, 1, 110]), { roc: 2 })).toEqual([Number.NaN, Number.NaN, 10]);
  });
});

describe('vwap', () => {
  it('starts over at 00:00 UTC and is unknown until the day has volume', () => {
    const openTimeMs = [DAY_MS - 2 * HOUR_MS, DAY_MS - HOUR_MS, DAY_MS, DAY_MS + HOUR_MS, DAY_MS + 2 * HOUR_MS];
    const candles = candlesOf([10, 20, 30, 40, 50], { openTimeMs, volume: [1, 3, 0, 2, 0] });

    expect(compute('vwap', candles)).toEqual([10, 17.5, Number.NaN, 40, 40]);
  });

  it('weighs the typical price (high + low + close) / 3', () => {
    expect(compute('vwap', candlesOf([12], { high: [15], low: [9.3] }))).toEqual([12.1]);
  });
});
