import { TIMEFRAME_MS } from '../engine/bar.ts';
import type { LabelledVariant } from '../engine/compared-run.ts';
import { chartTitles } from './chart-titles.ts';
import { equityLines } from './compare-lines.ts';
import type { JsonObject } from './json.ts';
import { PALETTE } from './palette.ts';
import { labelTimes, rangeText } from './time-text.ts';

export type CompareChartInput = {
  /** The answer first. */
  readonly title: string;
  readonly variants: readonly LabelledVariant[];
};

export type CompareChart = { readonly config: JsonObject; readonly altText: string };

/** What is left for lines after the axis on the right. */
const PLOT_WIDTH_PX = 1_010;
/** More points than this cannot be told apart on a phone. */
const MOST_POINTS = 300;
/** From so many times between the least and the most equity on, equal percentages are drawn as equal heights. */
const LOG_FROM_TIMES = 3;

/** The equity of every variant over time, and where each was liquidated. Plain JSON, drawn by any Chart.js 4. */
export function compareChartSpec({ title, variants }: CompareChartInput): CompareChart {
  const [first] = variants;
  if (first === undefined) throw new Error('A comparison without variants cannot be drawn');
  const { data, summary } = first.run;
  const pointMs = pointLengthMs(data);
  const openTimesMs = Float64Array.from(
    { length: Math.max(1, Math.ceil((data.end - data.start) / pointMs)) },
    (_, index) => data.start + index * pointMs,
  );
  const lines = equityLines(variants, openTimesMs);
  const isLogarithmic = lines.min > 0 && lines.max / lines.min >= LOG_FROM_TIMES;
  const labels = labelTimes(openTimesMs, PLOT_WIDTH_PX);
  const config = {
    type: 'line',
    data: { labels, datasets: [...lines.datasets, startLine(summary.initial_cash, labels.length)] },
    options: {
      locale: 'en-US',
      animation: false,
      responsive: false,
      color: PALETTE.text,
      layout: { padding: { top: 14, right: 18, bottom: 12, left: 22 } },
      plugins: chartTitles({
        title,
        subtitle: [
          ...(data.simulated ? ['simulated'] : []),
          `${data.symbols.join(', ')} ${data.timeframe}`,
          rangeText(data.start, data.end - 1),
          ...(isLogarithmic ? ['logarithmic scale'] : []),
        ],
        isWarning: data.simulated,
        legend: LEGEND,
      }),
      scales: scales(labels, lines, isLogarithmic),
    },
  };
  return { config, altText: altText(title, variants) };
}

function pointLengthMs({ start, end, timeframe }: LabelledVariant['run']['data']): number {
  const barMs = TIMEFRAME_MS[timeframe];
  return Math.ceil((end - start) / barMs / MOST_POINTS) * barMs;
}

const tickText = { color: PALETTE.mutedText, font: { size: 26, weight: 500, lineHeight: 1 } } as const;

const LEGEND = {
  display: true,
  position: 'bottom',
  align: 'start',
  labels: { usePointStyle: true, boxHeight: 19, padding: 18, color: PALETTE.text, font: { size: 26, weight: 600 } },
} as const;

function startLine(initialCash: number, points: number): JsonObject {
  return {
    label: 'start',
    data: [
      { x: -0.5, y: initialCash },
      { x: points - 0.5, y: initialCash },
    ],
    xAxisID: 'xIndex',
    yAxisID: 'y',
    pointStyle: 'line',
    pointRadius: 0,
    borderColor: PALETTE.startingCash,
    borderWidth: 2,
    borderDash: [4, 6],
    order: 30,
  };
}

function scales(
  labels: readonly string[],
  { min, max }: { readonly min: number; readonly max: number },
  isLogarithmic: boolean,
): JsonObject {
  const room = (max - min || Math.abs(max) * 0.02 || 1) * 0.06;
  const ends = isLogarithmic ? { min: roundDown(min * 0.95), max: max * 1.08 } : { min: min - room, max: max + room };
  return {
    x: {
      type: 'category',
      offset: true,
      border: { display: false },
      grid: { offset: false, tickLength: 0, color: labels.map((label) => (label === '' ? 'transparent' : PALETTE.grid)) },
      ticks: { ...tickText, autoSkip: false, maxRotation: 0, padding: 8 },
    },
    // The same stretch by number: index 0 is the middle of the first point.
    xIndex: { type: 'linear', display: false, offset: false, min: -0.5, max: labels.length - 0.5 },
    y: {
      ...ends,
      type: isLogarithmic ? 'logarithmic' : 'linear',
      position: 'right',
      border: { display: false },
      grid: { color: PALETTE.grid, tickLength: 0 },
      ticks: {
        ...tickText,
        padding: 10,
        format: { notation: 'standard' },
        includeBounds: false,
        maxTicksLimit: 7,
      },
      title: { display: true, text: 'equity', color: PALETTE.mutedText, font: { size: 25, weight: 500 }, padding: 0 },
    },
  };
}

/** To one digit, from which Chart.js counts its labels. */
function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return Math.floor(value / power) * power;
}

function altText(title: string, variants: readonly LabelledVariant[]): string {
  const ends = variants.map(
    ({ label, run: { summary } }) => `${label} ${summary.final_equity.toLocaleString('en-US', { maximumFractionDigits: 0 })}`,
  );
  const text = `Comparison chart: ${title}. Equity at the end: ${ends.join(', ')}.`;
  return text.length <= ALT_CHARACTERS ? text : `${text.slice(0, ALT_CHARACTERS - 1)}…`;
}

/** Discord takes so many. */
const ALT_CHARACTERS = 1_024;
