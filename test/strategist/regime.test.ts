import { describe, expect, it } from 'vitest';
import { candlesFromBars } from '../../src/engine/candles.ts';
import { resolvePeriods } from '../../src/engine/indicators/periods.ts';
import { openColumns } from '../../src/engine/market-columns.ts';
import { adxLevel, NOISE_ADX, nameRegime, type RegimeFeatures, readRegime } from '../../src/strategist/regime.ts';
import { barsFromRows, type Row, randomWalk } from '../support/bars.ts';

const periods = resolvePeriods({ indicator_mode: 'short_term', custom_indicator_periods: null });
const featuresOf = (rows: readonly Row[]) =>
  readRegime(openColumns(candlesFromBars(barsFromRows(rows)), '5m', periods), '5m', rows.length - 1);

/** Bars of that reach around closes, with a volume of 10 but for the last. */
const rowsOf = (closes: readonly number[], reach: number, lastReach = reach, lastVolume = 10): Row[] =>
  closes.map((close, index) => {
    const wide = index === closes.length - 1 ? lastReach : reach;
    return [close, close + wide, close - wide, close, index === closes.length - 1 ? lastVolume : 10];
  });

const UNKNOWN: RegimeFeatures = {
  trend_atr: null,
  spread_atr: null,
  slope_atr: null,
  adx: null,
  atr_pct: null,
  atr_ratio: null,
  atr_rank: null,
  efficiency: null,
  channel: null,
  band_atr: null,
  volume_ratio: null,
};

describe('the features of a market', () => {
  it('see a straight line', () => {
    const features = featuresOf(
      rowsOf(
        Array.from({ length: 200 }, (_, bar) => 100 + bar),
        1,
      ),
    );

    expect(features).toMatchObject({ efficiency: 1, adx: 100, atr_ratio: 1, volume_ratio: 1 });
    // ATR is 2: the close lies 24.5 above the mean of 50 bars, the mean of 8 bars 21 above it, and the mean of 21 moves 10 in 10 bars.
    expect([features.trend_atr, features.spread_atr, features.slope_atr]).toEqual([12.25, 10.5, 5]);
    expect(features.atr_pct).toBeCloseTo(200 / 299, 3);
  });

  it('see noise, and a bar that is larger and busier than all before', () => {
    const closes = Array.from({ length: 200 }, (_, bar) => 100 + (bar % 2));
    const features = featuresOf(rowsOf(closes, 1, 20, 73));

    expect(features.efficiency).toBe(0);
    expect(features.atr_rank).toBe(1);
    expect(features.atr_ratio).toBeGreaterThan(2);
    expect(features.volume_ratio).toBeCloseTo(73 / ((9 * 10 + 73) / 10), 3);
    expect(features.channel).toBeCloseTo((101 - 99) / (102 - 99), 3);
  });

  it('see how far apart the bands usually lie', () => {
    // Closes of 100 and 102 in turn deviate by 1, so the bands lie 4 apart; every bar is 4 high.
    const closes = Array.from({ length: 200 }, (_, bar) => 100 + 2 * (bar % 2));

    expect(featuresOf(rowsOf(closes, 2)).band_atr).toBeCloseTo(1, 1);
    expect(featuresOf(rowsOf([...closes, 200], 2)).band_atr, 'one bar is not the usual').toBeCloseTo(1, 1);
    expect(featuresOf(rowsOf(closes.slice(0, 60), 2)).band_atr).toBeNull();
  });

  it('are unknown while their bars are missing', () => {
    expect(featuresOf(rowsOf([100, 101, 102], 1))).toMatchObject({ trend_atr: null, slope_atr: null, atr_rank: null, efficiency: null });
  });
});

describe('the name of a market', () => {
  // Levels of the ADX are known for 14 bars.
  it.each([
    ['bull', { adx: 22, spread_atr: 0.5, slope_atr: 0.1 }],
    ['bear', { adx: 22, spread_atr: -0.5, slope_atr: -0.1 }],
    ['mixed', { adx: 30, spread_atr: 0.3, slope_atr: -1 }],
    ['mixed', { adx: 30, spread_atr: -0.3, slope_atr: -1 }],
    ['mixed', { adx: 30, spread_atr: 2, slope_atr: -1 }],
    ['mixed', { adx: 20, spread_atr: 2, slope_atr: 1, efficiency: 0.4 }],
    ['range', { adx: 20, spread_atr: 2, slope_atr: 1, efficiency: 0.1 }],
    ['range', { adx: 17, spread_atr: 0, slope_atr: 0 }],
    ['high_vol', { adx: 30, spread_atr: 2, slope_atr: 1, atr_rank: 0.9, atr_ratio: 1.5 }],
    ['bull', { adx: 30, spread_atr: 2, slope_atr: 1, atr_rank: 0.9, atr_ratio: 1.4 }],
    ['mixed', {}],
  ] as const)('is %s for %o', (name, features) => {
    expect(nameRegime({ ...UNKNOWN, ...features }, 14)).toBe(name);
  });

  it('asks for more ADX where it looks back less', () => {
    const rising = { ...UNKNOWN, adx: 30, spread_atr: 2, slope_atr: 1 };

    expect([7, 14].map((bars) => nameRegime(rising, bars))).toEqual(['mixed', 'bull']);
    expect([7, 14].map((bars) => nameRegime({ ...rising, adx: 25 }, bars))).toEqual(['range', 'bull']);
    expect(adxLevel(22, 7)).toBe(31.1);
  });

  it('takes noise for noise, whatever the ADX looks back', () => {
    const walk = candlesFromBars(randomWalk({ seed: 3, barCount: 6_000, movePct: 1 }));
    const medians = [5, 7, 14, 28].map((adx) => {
      const column = openColumns(walk, '5m', { ...periods, adx }).column('adx', '5m');
      return (
        (column
          .filter(Number.isFinite)
          .sort()
          .at(-Math.ceil(column.length / 2)) ?? 0) / adxLevel(NOISE_ADX, adx)
      );
    });

    for (const median of medians) expect(Math.abs(median - 1)).toBeLessThan(0.12);
  });
});
