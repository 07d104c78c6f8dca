import { describe, expect, it } from 'vitest';
import { levelAxis } from '../../src/charts/level-axis.ts';
import { playbackChartSpec } from '../../src/charts/playback.spec.ts';
import { HOUR_MS } from '../../src/engine/bar.ts';
import { barsFrom, START_MS, trade } from './sample.ts';

const candles = barsFrom([100, 101, 102, 103, 104, 105]);
const position = {
  side: 'long',
  entryTimeMs: START_MS + 2 * HOUR_MS,
  entryPrice: 101,
  stop: 98,
  target: 108,
  liquidationPrice: 40,
} as const;
const input = { title: 'Equity', subtitle: [], symbol: 'BTC-USD', candles, cursor: 3, trades: [], position, simulated: false };

/** The configuration as whoever draws it reads it. */
const drawn = (changes: Partial<Parameters<typeof playbackChartSpec>[0]> = {}) =>
  JSON.parse(JSON.stringify(playbackChartSpec({ ...input, ...changes }))) as {
    data: {
      datasets: {
        type: string;
        data: ({ x: number; y: number } | [number, number])[];
        backgroundColor?: string | string[];
        borderDash?: number[];
        pointStyle?: string;
      }[];
    };
    options: { scales: { x: { title: { text: string } }; yPrice: { min: number; max: number }; yLevels?: { labels: string[] } } };
  };

describe('playbackChartSpec', () => {
  it('draws the levels of what is held, and names one that is too far away', () => {
    const { data, options } = drawn();
    const levels = data.datasets
      .filter(({ borderDash }) => borderDash !== undefined)
      .map(({ data: [at] }) => (Array.isArray(at) ? null : at?.y));

    expect(levels).toEqual([101, 98, 108]);
    expect(options.scales.yLevels?.labels.filter((label) => label !== '')).toEqual(['target', 'entry', 'stop']);
    expect(options.scales.x.title.text).toContain('liq. 40 below');
    expect(options.scales.yPrice.min).toBeGreaterThan(90);
  });

  it('draws the candles after the bar paler', () => {
    const [body] = drawn().data.datasets.filter(({ type }) => type === 'bar');
    const colours = body?.backgroundColor ?? [];

    expect(new Set(colours.slice(0, 4)).size).toBe(1);
    expect(new Set(colours.slice(4)).size).toBe(1);
    expect(colours[3]).not.toBe(colours[4]);
  });

  it('marks an exit whose entry came before the first candle, and not that entry', () => {
    const trades = [trade({ entry_time: START_MS - HOUR_MS, exit_time: START_MS + HOUR_MS, exit_price: 104 })];
    const marks = drawn({ trades, position: null }).data.datasets.filter(({ type }) => type === 'scatter');

    expect(marks.map(({ pointStyle, data: [at] }) => [pointStyle, at])).toEqual([['circle', { x: 1, y: 104 }]]);
  });

  it('marks a liquidation whose price lies outside the picture at its edge', () => {
    const trades = [trade({ exit_time: START_MS + HOUR_MS, exit_price: 40, exit_reason: 'liquidation' })];
    const { data, options } = drawn({ trades, position: null });
    const mark = data.datasets.find(({ pointStyle }) => pointStyle === 'rectRot')?.data[0];
    const y = mark === undefined || Array.isArray(mark) ? Number.NaN : mark.y;

    expect(y).toBeGreaterThan(options.scales.yPrice.min);
    expect(y).toBeLessThan(99);
  });
});

describe('levelAxis', () => {
  it('moves names apart that would lie on each other, all inside the axis', () => {
    const level = (label: string, price: number) => ({ label, price, colour: '#fff', dash: [] });
    const { labels } = levelAxis([level('a', 10), level('b', 10.01), level('c', 0.01), level('d', 0)], { min: 0, max: 100 }, 440) as {
      labels: string[];
    };
    const at = ['b', 'a', 'c', 'd'].map((label) => labels.indexOf(label));

    expect(labels).toHaveLength(201);
    expect(at.toSorted((one, other) => one - other)).toEqual(at);
    at.slice(1).forEach((place, index) => {
      expect(place - (at[index] ?? 0)).toBeGreaterThanOrEqual(14);
    });
  });
});
