import { createRandom, hashWords } from './random.ts';
import { activityOfWholeDay, DAY_MINUTES } from './simulated-activity.ts';

/** One source of price movement: the whole market's, or what a symbol does on its own. Levels are logarithms. */
export type Component = {
  readonly seed: number;
  /** Seed of the activity that all components of one market share. */
  readonly marketSeed: number;
  /** Usual deviation of a day's log return, jumps aside. */
  readonly dailyDeviation: number;
};

/** 2020-01-01, where every level starts; a day is counted from 1970-01-01. */
export const FIRST_DAY = 18_262;

/** Levels return to their start, half of the way in about eight months: prices wander, and stay plausible for decades. */
const DAILY_RETURN_TO_START = 1 / 365;

const JUMPS_PER_DAY = 0.22;
const SMALLEST_JUMP = 0.2;
const USUAL_JUMP_ABOVE_SMALLEST = 0.3;

/** After a jump the market stays nervous: this many times a jump's size at first, half of it after so many minutes. */
const AFTERSHOCK = 2.5;
const AFTERSHOCK_MINUTES = 15;

const STREAM = { daily: 1, jumps: 2, minutes: 3 } as const;

/** The level at the start of each day from FIRST_DAY up to and including `lastDay`. */
export function walkLevels(component: Component, lastDay: number): Float64Array {
  const levels = new Float64Array(lastDay - FIRST_DAY + 1);
  for (let index = 1; index < levels.length; index++) {
    const day = FIRST_DAY + index - 1;
    const before = levels[index - 1] as number;
    const diffusion = deviationOfDay(component, day) * createRandom(component.seed, STREAM.daily, day).normal();
    levels[index] = before * (1 - DAILY_RETURN_TO_START) + diffusion + sumSizes(jumpsOfDay(component, day));
  }
  return levels;
}

/** What a component does in each minute of a day. */
export type ComponentDay = {
  readonly returns: Float64Array;
  /** Deviation that each minute's return was drawn from, jumps aside. */
  readonly deviations: Float64Array;
};

/**
 * The minutes of a day whose sum is exactly the day's return: drawn freely, then the difference is spread over them in
 * proportion to their variances, which is how a random walk looks when its end is known.
 */
export function walkMinutes(
  component: Component,
  { day, dayReturn, activity }: { readonly day: number; readonly dayReturn: number; readonly activity: Float64Array },
): ComponentDay {
  const random = createRandom(component.seed, STREAM.minutes, day);
  const jumps = jumpsOfDay(component, day);
  const deviations = deviationsOfDay(component, day, activity);
  const returns = deviations.map((deviation) => deviation * random.normal());

  const drawn = returns.reduce((sum, value) => sum + value, 0);
  const variance = deviations.reduce((sum, value) => sum + value * value, 0);
  const correction = (dayReturn - sumSizes(jumps) - drawn) / variance;
  for (let minute = 0; minute < DAY_MINUTES; minute++) {
    const deviation = deviations[minute] as number;
    returns[minute] = (returns[minute] as number) + correction * deviation * deviation;
  }
  for (const { minute, size } of jumps) returns[minute] = (returns[minute] as number) + size;
  return { returns, deviations };
}

function deviationsOfDay(component: Component, day: number, activity: Float64Array): Float64Array {
  const usual = component.dailyDeviation / Math.sqrt(DAY_MINUTES);
  const deviations = activity.map((times) => times * usual);
  for (const jumpDay of [day - 1, day]) {
    for (const { minute: jumpMinute, size } of jumpsOfDay(component, jumpDay)) {
      const strength = (AFTERSHOCK * Math.abs(size)) / component.dailyDeviation;
      const offset = (day - jumpDay) * DAY_MINUTES - jumpMinute;
      for (let minute = Math.max(0, 1 - offset); minute < DAY_MINUTES; minute++) {
        const since = minute + offset;
        deviations[minute] = (deviations[minute] as number) * (1 + strength / (1 + since / AFTERSHOCK_MINUTES));
      }
    }
  }
  return deviations;
}

type Jump = { readonly minute: number; readonly size: number };

function jumpsOfDay(component: Component, day: number): readonly Jump[] {
  const random = createRandom(component.seed, STREAM.jumps, day);
  const jumps: Jump[] = [];
  while (random.uniform() < JUMPS_PER_DAY / (1 + JUMPS_PER_DAY)) {
    const minute = Math.floor(random.uniform() * DAY_MINUTES);
    const magnitude = SMALLEST_JUMP + USUAL_JUMP_ABOVE_SMALLEST * random.exponential();
    const direction = random.uniform() < 0.5 ? -1 : 1;
    jumps.push({ minute, size: direction * magnitude * deviationOfDay(component, day) });
  }
  return jumps;
}

function deviationOfDay({ marketSeed, dailyDeviation }: Component, day: number): number {
  return dailyDeviation * activityOfWholeDay(marketSeed, day);
}

function sumSizes(jumps: readonly Jump[]): number {
  return jumps.reduce((sum, { size }) => sum + size, 0);
}

/** The market's component is named by the seed alone, so that every symbol of a seed shares it. */
export function componentSeed(seed: readonly number[], name: number): number {
  return hashWords([...seed, name]);
}
