import { hashWords } from './random.ts';
import { addNoise, noiseAt } from './simulated-noise.ts';

export const DAY_MINUTES = 1_440;

/** Log-volatility is noise on many time scales at once, which is what makes calm and storm cluster on all of them. */
const FAST_SCALES_MINUTES = [2, 6, 20, 60, 180, 540];
const SLOW_SCALES_DAYS = [1.5, 6, 25];
const AMPLITUDE = 0.25;

/** Volatility through the UTC day at each hour's middle: Asia's morning, a quiet dawn, London, then New York. */
const BY_HOUR = normalise([
  1.05, 0.99, 0.9, 0.8, 0.74, 0.74, 0.78, 0.82, 0.88, 0.87, 0.84, 0.88, 1.02, 1.24, 1.42, 1.4, 1.3, 1.2, 1.1, 1.08, 1.06, 1.05, 0.98, 0.92,
]);

/** Volatility through the week at each day's noon, Sunday first. */
const BY_WEEKDAY = normalise([0.74, 1.08, 1.1, 1.12, 1.12, 1.1, 0.7]);

/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 4;

/** How much the whole market moves in each minute of a UTC day, in units of its usual deviation. */
export function activityOfDay(marketSeed: number, day: number): Float64Array {
  const activity = new Float64Array(DAY_MINUTES);
  const firstMinute = day * DAY_MINUTES;
  FAST_SCALES_MINUTES.forEach((scaleMinutes, index) => {
    addNoise(activity, { seed: hashWords([marketSeed, index]), firstMinute, scaleMinutes, amplitude: AMPLITUDE });
  });
  SLOW_SCALES_DAYS.forEach((scaleDays, index) => {
    addNoise(activity, { seed: slowSeed(marketSeed, index), firstMinute, scaleMinutes: scaleDays * DAY_MINUTES, amplitude: AMPLITUDE });
  });
  const level = unitSquare(FAST_SCALES_MINUTES.length + SLOW_SCALES_DAYS.length);
  return activity.map((log, minute) => Math.exp(log - level) * seasonAt(day, minute));
}

/** How much the whole market moves on a UTC day, in units of its usual deviation: the slow part of its minutes. */
export function activityOfWholeDay(marketSeed: number, day: number): number {
  const log = SLOW_SCALES_DAYS.reduce(
    (sum, scaleDays, index) => sum + AMPLITUDE * noiseAt(slowSeed(marketSeed, index), (day + 0.5) / scaleDays),
    0,
  );
  return Math.exp(log - unitSquare(SLOW_SCALES_DAYS.length)) * at(BY_WEEKDAY, day + FIRST_WEEKDAY);
}

function slowSeed(marketSeed: number, index: number): number {
  return hashWords([marketSeed, FAST_SCALES_MINUTES.length + index]);
}

/** Subtracted from the logarithm, it makes the mean of the squares 1. */
function unitSquare(scaleCount: number): number {
  return scaleCount * AMPLITUDE * AMPLITUDE;
}

function seasonAt(day: number, minute: number): number {
  const dayPart = minute / DAY_MINUTES;
  return at(BY_HOUR, dayPart * 24 - 0.5) * at(BY_WEEKDAY, day + FIRST_WEEKDAY + dayPart - 0.5);
}

/** A value between two entries of a table that starts over at its end. */
function at(table: readonly number[], position: number): number {
  const index = Math.floor(position);
  const way = position - index;
  const entry = (offset: number) => table[(index + offset + table.length) % table.length] as number;
  return entry(0) * (1 - way) + entry(1) * way;
}

function normalise(table: readonly number[]): readonly number[] {
  const meanSquare = table.reduce((sum, value) => sum + value * value, 0) / table.length;
  return table.map((value) => value / Math.sqrt(meanSquare));
}
