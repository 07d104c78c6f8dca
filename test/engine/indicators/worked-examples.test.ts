import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../src/engine/bar.ts';
import { type Candles, candlesFromBars } from '../../../src/engine/candles.ts';
import { computeIndicator } from '../../../src/engine/indicators/compute-columns.ts';
import type { IndicatorName } from '../../../src/engine/indicators/indicator-names.ts';
import { type IndicatorPeriods, resolvePeriods } from '../../../src/engine/indicators/periods.ts';

/** Numbers that others published, with the bars they belong to. */

const STANDARD = resolvePeriods({ indicator_mode: 'standard', custom_indicator_periods: null });

type Published = Partial<Record<keyof Candles, readonly number[]>> & { readonly close: readonly number[] };

const candlesOf = ({ close, high = close, low = close, volume = [] }: Published): Candles =>
  candlesFromBars(
    close.map((price, index) => ({
      openTimeMs: index * MINUTE_MS,
      open: price,
      high: high[index] ?? price,
      low: low[index] ?? price,
      close: price,
      volume: volume[index] ?? 1,
    })),
  );

/** The known values, as published: to so many decimals. */
const rounded = (name: IndicatorName, candles: Candles, periods: IndicatorPeriods, decimals: number) =>
  [...computeIndicator(name, candles, periods)].filter((value) => !Number.isNaN(value)).map((value) => Number(value.toFixed(decimals)));

// StockCharts ChartSchool, the spreadsheet of its article on the Relative Strength Index (cs-rsi.xls): QQQQ, 14 Dec 2009 – 1 Feb 2010.
describe('rsi of ChartSchool’s QQQQ', () => {
  const close = [
    44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931, 46.0328, 45.614, 46.282, 46.282,
    46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521, 45.7137, 46.4515, 45.7835, 45.3548, 44.0288, 44.1783, 44.2181, 44.5672,
    43.4205, 42.6628, 43.1314,
  ];

  it('is 70.53 on the fifteenth day and follows the published column from there', () => {
    expect(rounded('rsi', candlesOf({ close }), STANDARD, 2)).toEqual([
      70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38, 54.71, 50.42, 39.99, 41.46, 41.87, 45.46, 37.3, 33.08, 37.77,
    ]);
  });
});

// StockCharts ChartSchool, the spreadsheet of its article on the Average True Range (cs-atr.xls). Its first true range is
// high − low and counts into the mean of 14 that the average starts with, as here; others leave that bar out.
describe('true ranges of ChartSchool’s QQQ', () => {
  const candles = candlesOf({
    high: [
      48.7, 48.72, 48.9, 48.87, 48.82, 49.05, 49.2, 49.35, 49.92, 50.19, 50.12, 49.66, 49.88, 50.19, 50.36, 50.57, 50.65, 50.43, 49.63,
      50.33, 50.29, 50.17, 49.32, 48.5, 48.3201, 46.8, 47.8, 48.39, 48.66, 48.79,
    ],
    low: [
      47.79, 48.14, 48.39, 48.37, 48.24, 48.635, 48.94, 48.86, 49.5, 49.87, 49.2, 48.9, 49.43, 49.725, 49.26, 50.09, 50.3, 49.21, 48.98,
      49.61, 49.2, 49.43, 48.08, 47.64, 41.55, 44.2833, 47.31, 47.2, 47.9, 47.7301,
    ],
    close: [
      48.16, 48.61, 48.75, 48.63, 48.74, 49.03, 49.07, 49.32, 49.91, 50.13, 49.53, 49.5, 49.75, 50.03, 50.31, 50.52, 50.41, 49.34, 49.37,
      50.23, 49.2375, 49.93, 48.43, 48.18, 46.57, 45.41, 47.77, 47.72, 48.62, 47.85,
    ],
  });

  it('are the published ones', () => {
    expect(rounded('tr', candles, STANDARD, 4)).toEqual([
      0.91, 0.58, 0.51, 0.5, 0.58, 0.415, 0.26, 0.49, 0.6, 0.32, 0.93, 0.76, 0.45, 0.465, 1.1, 0.48, 0.35, 1.22, 0.65, 0.96, 1.09, 0.9325,
      1.85, 0.86, 6.7701, 2.5167, 2.39, 1.19, 0.94, 1.0599,
    ]);
  });

  it('average to 0.555 on the fourteenth day and follow the published column from there', () => {
    const published = [
      0.555, 0.593929, 0.585791, 0.568949, 0.615452, 0.61792, 0.642354, 0.674329, 0.69277, 0.775429, 0.78147, 1.209229, 1.30262, 1.38029,
      1.366698, 1.336219, 1.316482,
    ];

    expect(rounded('atr', candles, STANDARD, 6)).toEqual(published);
  });
});

// StockCharts ChartSchool, the spreadsheet of its article on Bollinger Bands (cs-bbands.xls): SPY, population deviation.
describe('bollinger bands of ChartSchool’s SPY', () => {
  const close = [
    86.1557, 89.0867, 88.7829, 90.3228, 89.0671, 91.1453, 89.4397, 89.175, 86.9302, 87.6752, 86.9596, 89.4299, 89.3221, 88.7241, 87.4497,
    87.2634, 89.4985, 87.9006, 89.126, 90.7043, 92.9001, 92.9784, 91.8021, 92.6647, 92.6843, 92.3021, 92.7725, 92.5373, 92.949, 93.2039,
    91.0669, 89.8318, 89.7435, 90.3994, 90.7387, 88.0177, 88.0867, 88.8439, 90.7781, 90.5416, 91.3894, 90.65,
  ];

  it.each([
    ['bb_middle', [88.7079, 89.0452, 89.2397, 89.3907, 89.5078, 89.6887], [91.25027, 91.242135, 91.1666, 91.05018]],
    ['bb_upper', [91.2919, 91.9493, 92.6126, 92.9342, 93.31195, 93.72845], [94.534271, 94.532306, 94.369251, 94.148503]],
    ['bb_lower', [86.124, 86.1411, 85.8669, 85.8472, 85.7037, 85.6489], [87.966269, 87.951964, 87.963949, 87.951857]],
  ] as const)('%s is the published column', (name, first, last) => {
    const values = [...computeIndicator(name, candlesOf({ close }), STANDARD)].filter((value) => !Number.isNaN(value));

    expect(values.length, 'known from the twentieth day on').toBe(23);
    expect(values.slice(0, 6)).toEqual(first.map((value) => expect.closeTo(value, 4)));
    expect(values.slice(-4)).toEqual(last.map((value) => expect.closeTo(value, 5)));
  });
});

// Tulip Indicators, its regression data (tests/untest.txt): one series of 15 bars, every length 5, three decimals.
describe('the series of Tulip Indicators', () => {
  const candles = candlesOf({
    high: [82.15, 81.89, 83.03, 83.3, 83.85, 83.9, 83.33, 84.3, 84.84, 85, 85.9, 86.58, 86.98, 88, 87.87],
    low: [81.29, 80.64, 81.31, 82.65, 83.07, 83.11, 82.49, 82.3, 84.15, 84.11, 84.03, 85.39, 85.76, 87.17, 87.01],
    close: [81.59, 81.06, 82.87, 83, 83.61, 83.15, 82.84, 83.99, 84.55, 84.36, 85.53, 86.54, 86.89, 87.77, 87.29],
    volume: [
      5653100, 6447400, 7690900, 3831400, 4455100, 3798000, 3936200, 4732000, 4841300, 3915300, 6830800, 6694100, 5293600, 7985800, 4807900,
    ],
  });

  const fives = <Name extends string>(periods: Readonly<Record<Name, number>>) =>
    Object.fromEntries(Object.keys(periods).map((name) => [name, 5])) as Record<Name, number>;
  const { further, ...table } = STANDARD;
  const periods: IndicatorPeriods = { ...fives(table), macd_fast: 2, macd_signal: 9, further: fives(further) };

  it.each([
    ['sma_short', [82.426, 82.738, 83.094, 83.318, 83.628, 83.778, 84.254, 84.994, 85.574, 86.218, 86.804]],
    // Tulip shows its averages from the first bar on, and here they are known once their length is full.
    ['ema_fast', [82.714, 82.859, 82.853, 83.232, 83.671, 83.901, 84.444, 85.143, 85.725, 86.407, 86.701]],
    ['rsi', [72.034, 64.927, 75.936, 79.796, 74.713, 83.033, 87.478, 88.755, 91.483, 78.498]],
    ['atr', [1.116, 1.051, 1.009, 1.207, 1.136, 1.086, 1.243, 1.233, 1.23, 1.206, 1.137]],
    ['macd', [0.618, 0.351, 0.111, 0.416, 0.578, 0.422, 0.684, 0.927, 0.891, 0.979, 0.621]],
    ['bb_lower', [80.53, 80.987, 82.533, 82.472, 82.418, 82.435, 82.511, 83.143, 83.536, 83.87, 85.289]],
    ['bb_upper', [84.322, 84.489, 83.655, 84.164, 84.838, 85.121, 85.997, 86.845, 87.612, 88.566, 88.319]],
    ['stoch_k', [77.385, 83.126, 84.867, 88.361, 95.246, 96.74, 91.091]],
    ['stoch_d', [75.702, 78.011, 81.793, 85.452, 89.491, 93.449, 94.359]],
    ['mfi', [61.172, 67.308, 62.796, 64.661, 45.238, 67.841, 85.578, 85.963, 87.504, 84.647]],
    ['williams_r', [-7.477, -23.006, -40.927, -15.5, -11.417, -23.704, -10.278, -0.935, -3.051, -5.793, -17.884]],
    ['aroon_up', [100, 80, 100, 100, 100, 100, 100, 100, 100, 80]],
    ['aroon_down', [20, 0, 0, 80, 60, 40, 20, 0, 40, 20]],
    ['tr', [0.86, 1.25, 1.97, 0.65, 0.85, 0.79, 0.84, 2, 0.85, 0.89, 1.87, 1.19, 1.22, 1.11, 0.86]],
    ['wma', [82.825, 83.066, 83.1, 83.399, 83.809, 84.053, 84.637, 85.399, 86.031, 86.763, 87.121]],
    ['hma', [83.69, 83.038, 83.472, 84.55, 84.835, 85.36, 86.552, 87.346, 87.965, 87.916]],
    ['vwma', [82.332, 82.61, 83.07, 83.354, 83.682, 83.822, 84.409, 85.165, 85.698, 86.418, 86.805]],
    [
      'obv',
      [-6447400, 1243500, 5074900, 9530000, 5732000, 1795800, 6527800, 11369100, 7453800, 14284600, 20978700, 26272300, 34258100, 29450200],
    ],
  ] as const)('%s is as published', (name, published) => {
    expect(rounded(name, candles, periods, 3)).toEqual(published);
  });

  // Tulip asks for more bars before it answers; from there on the values are the same.
  it.each([
    ['cci', [166.667, 82.02, 95.501, 130.912, 99.163, 116.342, 71.928]],
    ['tema', [87.042, 87.819, 87.721]],
    ['adx', [41.384, 44.288, 49.422, 54.918, 59.987, 65.292, 67.355]],
  ] as const)('%s is as published where Tulip answers', (name, published) => {
    expect(rounded(name, candles, periods, 3).slice(-published.length)).toEqual(published);
  });

  // Tulip divides the movement by ranges without that of the first bar, here it counts: the movements are the same.
  it.each([
    ['plus_di', [1.96, 1.618, 1.294, 2.006, 2.144, 1.876, 2.4, 2.6, 2.48, 3.004, 2.403]],
    ['minus_di', [0.65, 0.52, 1.036, 0.829, 0.663, 0.53, 0.424, 0.339, 0.272, 0.217, 0.334]],
  ] as const)('%s is a movement as published over the true range', (name, published) => {
    const ranges = computeIndicator('atr', candles, periods);
    const movements = computeIndicator(name, candles, periods).map((value, index) => (value / 100) * (ranges[index] as number) * 5);

    expect([...movements.slice(4)].map((value) => Number(value.toFixed(3)))).toEqual(published);
  });

  it('stoch_rsi_k is the mean of three published values, and stoch_rsi_d the mean of three of those', () => {
    const [first, ...rest] = [0.658, 1, 1, 1, 1, 0].map((value) => value * 100);

    expect(rest).toEqual([100, 100, 100, 100, 0]);
    expect(rounded('stoch_rsi_k', candles, periods, 3)).toEqual([100, 66.667]);
    expect(rounded('stoch_rsi_d', candles, periods, 3)).toEqual([expect.closeTo((((first ?? 0) + 200) / 3 + 200) / 3, 1), 88.889]);
  });
});
