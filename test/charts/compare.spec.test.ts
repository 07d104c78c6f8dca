import { describe, expect, it } from 'vitest';
import { type CompareChartInput, compareChartSpec } from '../../src/charts/compare.spec.ts';
import { drawPicture } from '../../src/charts/draw-picture.ts';
import { PALETTE } from '../../src/charts/palette.ts';
import type { LabelledVariant } from '../../src/engine/compared-run.ts';
import { outcomeOf } from '../support/comparisons.ts';

const outcome = outcomeOf();
const [low, high] = outcome.variants.map(
  (run, index): LabelledVariant => ({ label: outcome.labels[index] ?? '', runId: 'r', run: { ...run, liquidationTimesMs: [] } }),
);
if (low === undefined || high === undefined) throw new Error('The comparison has no two variants.');

type Dataset = { label: string; data: { x: number; y: number | null }[]; pointStyle: string; backgroundColor: string };
const datasetsOf = (variants: CompareChartInput['variants']) => {
  const { config } = compareChartSpec({ title: 'Best of 2: 1×', variants });
  return (config as unknown as { data: { datasets: Dataset[] }; options: { scales: { y: { type: string } } } }).data.datasets;
};
const scaleOf = (variants: CompareChartInput['variants']) =>
  (compareChartSpec({ title: '', variants }).config as unknown as { options: { scales: { y: { type: string } } } }).options.scales.y.type;

describe('the picture of a comparison', () => {
  it('draws each variant to its last equity, marked in a way of its own', () => {
    const [first, second, start] = datasetsOf([low, high]);

    expect(first?.label).toMatch(/^1× {2}[+−]\d+\.\d %$/);
    expect(second?.data.at(-1)?.y).toBe(high.run.equity.values.at(-1));
    expect(first?.pointStyle).not.toBe(second?.pointStyle);
    expect(start?.label).toBe('start');
    expect(new Set(first?.data.map(({ x }) => Math.ceil(x))).size, 'a phone cannot tell more apart').toBeLessThanOrEqual(300);
    expect(Math.max(...(first?.data ?? []).map(({ y }) => y ?? 0)), 'no peak is lost').toBe(Math.max(...low.run.equity.values));
  });

  it('marks where a variant was liquidated, on its line', () => {
    const bar = 400;
    const closeMs = (high.run.equity.timesMs[bar + 1] as number) ?? 0;
    const [marks] = datasetsOf([low, { ...high, run: { ...high.run, liquidationTimesMs: [closeMs] } }]);

    expect(marks).toMatchObject({ label: 'liquidated', pointStyle: 'rectRot', backgroundColor: PALETTE.liquidation });
    expect(marks?.data).toHaveLength(1);
    const x = marks?.data[0]?.x ?? Number.NaN;
    expect(Math.abs(x - (bar / high.run.equity.timesMs.length) * (datasetsOf([low, high])[0]?.data.at(-1)?.x ?? 0))).toBeLessThan(2);
  });

  it('is logarithmic where equities are far apart, and never where one is used up', () => {
    const scaled = (factor: number): LabelledVariant => ({
      ...high,
      run: {
        ...high.run,
        equity: { ...high.run.equity, values: high.run.equity.values.map((value, bar) => (bar > 300 ? value * factor : value)) },
      },
    });

    expect(scaleOf([low, high])).toBe('linear');
    expect(scaleOf([low, scaled(10)])).toBe('logarithmic');
    expect(scaleOf([low, scaled(0)])).toBe('linear');
  });

  it('names the best and the worst of many, and draws all others as one', () => {
    const many = Array.from({ length: 25 }, (_, index) => ({
      ...high,
      label: `v${index}`,
      run: { ...high.run, summary: { ...high.run.summary, final_equity: index } },
    }));
    const labels = datasetsOf(many).map(({ label }) => label.replace(/ .*/, ''));

    expect(labels).toEqual(['v0', 'v22', 'v23', 'v24', '21', 'start']);
  });

  it('is drawn by the renderer', async () => {
    const { config, altText } = compareChartSpec({ title: 'Best of 2: 1×', variants: [low, high] });

    const png = await drawPicture({ config, widthPx: 1_200, heightPx: 675, pixelRatio: 1, background: PALETTE.background });

    expect([...png.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join('')).toBe('PNG');
    expect(altText).toMatch(/^Comparison chart: Best of 2: 1×\. Equity at the end: 1× [\d,]+, 3× [\d,]+\.$/);
  });
});
