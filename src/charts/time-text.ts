import { DAY_MS, HOUR_MS, MINUTE_MS } from '../engine/bar.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MAX_LABELS = 7;

/** Steps a reader counts in: minutes, hours, days, months. */
const STEPS_MS = [5, 15, 30, 60, 120, 180, 360, 720]
  .map((minutes) => minutes * MINUTE_MS)
  .concat([1, 2, 5, 10].map((days) => days * DAY_MS));
const STEPS_MONTHS = [1, 2, 3, 6, 12, 24, 60, 120];

type Step = { readonly periodOf: (timeMs: number) => number; readonly text: (timeMs: number) => string };

/**
 * One label for each candle, empty for most: at most seven are written, each on the first candle of a round
 * period, none closer to a neighbour or to the left edge than its own width. UTC.
 */
export function labelTimes(openTimeMs: Float64Array, plotWidthPx: number): readonly string[] {
  const slotPx = plotWidthPx / openTimeMs.length;
  const starts = (step: Step) => periodStarts(openTimeMs, step).filter((index) => (index + 0.5) * slotPx >= EDGE_PX);
  const step = steps().find((candidate) => starts(candidate).length <= MAX_LABELS);
  const texts = new Array<string>(openTimeMs.length).fill('');
  const chosen = step === undefined ? [] : starts(step);
  let lastPx = Number.NEGATIVE_INFINITY;
  for (const index of chosen) {
    const centrePx = (index + 0.5) * slotPx;
    if (centrePx - lastPx < NEIGHBOUR_PX || step === undefined) continue;
    texts[index] = step.text(openTimeMs[index] as number);
    lastPx = centrePx;
  }
  if (chosen.length === 0) {
    const middle = Math.floor(openTimeMs.length / 2);
    const timeMs = openTimeMs[middle] as number;
    texts[middle] = timeMs % DAY_MS === 0 ? dayText(timeMs) : `${dayText(timeMs)} ${clockText(timeMs)}`;
  }
  return texts;
}

const EDGE_PX = 50;
const NEIGHBOUR_PX = 120;

/** "27 Sep – 27 Oct 2025", naming a year twice only when it changes; one day alone is named once. */
export function rangeText(fromMs: number, toMs: number): string {
  const year = (timeMs: number) => new Date(timeMs).getUTCFullYear();
  const to = `${dayText(toMs)} ${year(toMs)}`;
  if (Math.floor(fromMs / DAY_MS) === Math.floor(toMs / DAY_MS)) return to;
  return year(fromMs) === year(toMs) ? `${dayText(fromMs)} – ${to}` : `${dayText(fromMs)} ${year(fromMs)} – ${to}`;
}

function steps(): readonly Step[] {
  const inDay = (timeMs: number) => (timeMs % DAY_MS === 0 ? dayText(timeMs) : clockText(timeMs));
  const fixed = STEPS_MS.map((stepMs) => ({
    periodOf: (timeMs: number) => Math.floor(timeMs / stepMs),
    text: stepMs < DAY_MS ? inDay : dayText,
  }));
  const months = STEPS_MONTHS.map((count) => ({ periodOf: (timeMs: number) => Math.floor(monthOf(timeMs) / count), text: monthText }));
  return [...fixed, ...months];
}

/** Candles that open a period: the first of all only if the period begins exactly there. */
function periodStarts(openTimeMs: Float64Array, step: Step): readonly number[] {
  const found: number[] = [];
  openTimeMs.forEach((timeMs, index) => {
    const beforeMs = index === 0 ? timeMs - MINUTE_MS : (openTimeMs[index - 1] as number);
    if (step.periodOf(timeMs) !== step.periodOf(beforeMs)) found.push(index);
  });
  return found;
}

function monthOf(timeMs: number): number {
  const date = new Date(timeMs);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function dayText(timeMs: number): string {
  const date = new Date(timeMs);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''}`;
}

function monthText(timeMs: number): string {
  const date = new Date(timeMs);
  return `${MONTHS[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()}`;
}

function clockText(timeMs: number): string {
  const minutes = (timeMs % DAY_MS) / MINUTE_MS;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${two((minutes * MINUTE_MS) / HOUR_MS)}:${two(minutes % 60)}`;
}
