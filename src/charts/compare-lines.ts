import { firstAtOrAfter } from '../engine/candles.ts';
import type { LabelledVariant } from '../engine/compared-run.ts';
import { equityPath, type Point } from './equity-path.ts';
import type { JsonObject } from './json.ts';
import { PALETTE } from './palette.ts';

export type EquityLines = { readonly min: number; readonly max: number; readonly datasets: readonly JsonObject[] };

/** Told apart by their marks as well, for those who do not see the colours. The diamond is kept for liquidations. */
const STYLES = [
  { colour: '#5cc8ff', pointStyle: 'circle', rotation: 0 },
  { colour: '#57f287', pointStyle: 'triangle', rotation: 0 },
  { colour: '#f0b232', pointStyle: 'rect', rotation: 0 },
  { colour: '#ff7ab8', pointStyle: 'triangle', rotation: 180 },
  { colour: '#c4a7ff', pointStyle: 'crossRot', rotation: 0 },
  { colour: '#ff8a5c', pointStyle: 'star', rotation: 0 },
  { colour: '#7fe3d4', pointStyle: 'cross', rotation: 0 },
  { colour: '#f2f3f5', pointStyle: 'rectRounded', rotation: 0 },
] as const;

/** How many marks a line has; those of different lines stand apart. */
const MARKS = 7;
const MARK_RADIUS_PX = 8;

/** More lines than styles cannot be told apart: the best and the worst are drawn as themselves, all others as one kind. */
const NAMED_OF_MANY = { best: 3, worst: 1 } as const;

/** Characters of a label that the legend has room for. */
const LEGEND_CHARS = 30;

/** A line for each variant, and a mark wherever one was liquidated. Axes xIndex and y. */
export function equityLines(variants: readonly LabelledVariant[], openTimesMs: Float64Array): EquityLines {
  const curves = variants.map((variant) => ({ variant, points: equityPath(variant.run.equity, openTimesMs) }));
  const named = namedOf(variants);
  const others = curves.filter(({ variant }) => !named.includes(variant));
  const values = [variants[0]?.run.summary.initial_cash ?? 0, ...curves.flatMap(({ points }) => points.map(({ y }) => y))];
  const lines = curves.flatMap(({ variant, points }) => {
    const style = STYLES[named.indexOf(variant)];
    return style === undefined ? [] : [lineOf(legendOf(variant), points, style)];
  });
  return {
    min: Math.min(...values),
    max: Math.max(...values),
    datasets: [
      ...liquidationMarks(curves, openTimesMs),
      ...lines,
      ...(others.length === 0 ? [] : [crowdOf(others.map(({ points }) => points))]),
    ],
  };
}

function namedOf(variants: readonly LabelledVariant[]): readonly LabelledVariant[] {
  if (variants.length <= STYLES.length) return variants;
  const ranked = variants.toSorted((one, other) => other.run.summary.final_equity - one.run.summary.final_equity);
  return [...ranked.slice(0, NAMED_OF_MANY.best), ...ranked.slice(-NAMED_OF_MANY.worst)];
}

function legendOf({ label, run: { summary } }: LabelledVariant): string {
  const name = label.length <= LEGEND_CHARS ? label : `${label.slice(0, LEGEND_CHARS - 1)}…`;
  const pct = Math.abs(summary.equity_return_pct).toLocaleString('en-US', { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  return `${name}  ${summary.equity_return_pct < 0 ? '−' : '+'}${pct} %`;
}

const line = { xAxisID: 'xIndex', yAxisID: 'y', borderJoinStyle: 'round', spanGaps: false } as const;

function lineOf(label: string, data: readonly Point[], style: (typeof STYLES)[number]): JsonObject {
  const { colour, pointStyle, rotation } = style;
  const everyth = Math.max(1, Math.floor(data.length / MARKS));
  const first = Math.floor(((STYLES.indexOf(style) + 1) * everyth) / (STYLES.length + 1));
  const pointRadius = data.map((_, index) => (index % everyth === first ? MARK_RADIUS_PX : 0));
  const drawn = { borderColor: colour, backgroundColor: colour, borderWidth: 4, pointBorderWidth: 3 };
  return { ...line, label, data, pointStyle, rotation, pointRadius, ...drawn, order: 10 };
}

type GapOrPoint = { readonly x: number; readonly y: number | null };

/** One dataset, so that the legend names it once: a gap ends each line. */
function crowdOf(curves: readonly (readonly Point[])[]): JsonObject {
  const data = curves.flatMap((points): readonly GapOrPoint[] => [...points, { x: points.at(-1)?.x ?? 0, y: null }]);
  return {
    ...line,
    label: `${curves.length} others`,
    data,
    pointStyle: 'line',
    pointRadius: 0,
    borderColor: CROWD,
    backgroundColor: CROWD,
    borderWidth: 2,
    order: 20,
  };
}

const CROWD = 'rgba(196,201,208,0.4)';

type Curve = { readonly variant: LabelledVariant; readonly points: readonly Point[] };

function liquidationMarks(curves: readonly Curve[], openTimesMs: Float64Array): readonly JsonObject[] {
  const data = curves.flatMap(({ variant, points }) =>
    variant.run.liquidationTimesMs.flatMap((timeMs): readonly Point[] => {
      // An exit inside a bar carries its close: the stretch of it is the one before.
      const x = Math.max(0, firstAtOrAfter(openTimesMs, timeMs) - 1);
      const point = points.findLast((candidate) => candidate.x <= x);
      return point === undefined ? [] : [point];
    }),
  );
  if (data.length === 0) return [];
  const look = { pointStyle: 'rectRot', pointRadius: 16, backgroundColor: PALETTE.liquidation, borderColor: PALETTE.outline };
  return [{ ...look, type: 'scatter', label: 'liquidated', xAxisID: 'xIndex', yAxisID: 'y', data, borderWidth: 2, order: 5 }];
}
