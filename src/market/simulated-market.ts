import { DAY_MS, MINUTE_MS } from '../engine/bar.ts';
import { allocateCandles, type Candles } from '../engine/candles.ts';
import { createRandom, hashText, type Random, seedWords } from './random.ts';
import { activityOfDay, DAY_MINUTES } from './simulated-activity.ts';
import { type Component, componentSeed, FIRST_DAY, walkLevels, walkMinutes } from './simulated-component.ts';
import { profileOf, type SymbolProfile } from './simulated-symbols.ts';

/** One symbol of a seeded market, its daily levels known up to the start of `lastDay`. */
export type SimulatedMarket = {
  readonly profile: SymbolProfile;
  readonly whole: Component;
  readonly own: Component;
  readonly wholeLevels: Float64Array;
  readonly ownLevels: Float64Array;
  /** Ticks in one unit of price; a power of ten, so prices are short decimals. */
  readonly ticksPerUnit: number;
  /** Smallest volume step; a power of two, so that volumes add up exactly in whatever order bars are aggregated. */
  readonly volumeStep: number;
};

const WHOLE_MARKET = 0;
const WHOLE_YEARLY_DEVIATION = 0.42;
const DAYS_PER_YEAR = 365;
const TICKS_AT_LEAST = 100_000;
const VOLUME_STEPS_PER_MINUTE = 8_192;
const BARS_STREAM = 4;

type Opening = { readonly symbol: string; readonly seed: number; readonly lastDay: number };

export function openMarket({ symbol, seed, lastDay }: Opening): SimulatedMarket {
  const profile = profileOf(symbol);
  const words = seedWords(seed);
  const marketSeed = componentSeed(words, WHOLE_MARKET);
  const component = (name: number, yearlyDeviation: number): Component => ({
    seed: componentSeed(words, name),
    marketSeed,
    dailyDeviation: yearlyDeviation / Math.sqrt(DAYS_PER_YEAR),
  });
  const whole = component(WHOLE_MARKET + 1, WHOLE_YEARLY_DEVIATION);
  const own = component(hashText(profile.name), profile.ownYearlyDeviation);
  return {
    profile,
    whole,
    own,
    wholeLevels: walkLevels(whole, lastDay),
    ownLevels: walkLevels(own, lastDay),
    ticksPerUnit: powerAtLeast(10, TICKS_AT_LEAST / profile.startPrice),
    volumeStep: 1 / powerAtLeast(2, (VOLUME_STEPS_PER_MINUTE * DAY_MINUTES * profile.startPrice) / profile.dailyTurnover),
  };
}

/** Logarithm of the price at the start of a day. */
export function levelAtStart({ profile, wholeLevels, ownLevels }: SimulatedMarket, day: number): number {
  const index = day - FIRST_DAY;
  return Math.log(profile.startPrice) + profile.beta * (wholeLevels[index] as number) + (ownLevels[index] as number);
}

/** The 1,440 one-minute bars of a UTC day, each opening at or beside the close of the one before. */
export function simulateDay(market: SimulatedMarket, day: number): Candles {
  const { profile, whole, own, ticksPerUnit, volumeStep } = market;
  const activity = activityOfDay(whole.marketSeed, day);
  const ofDay = (levels: Float64Array) => (levels[day + 1 - FIRST_DAY] as number) - (levels[day - FIRST_DAY] as number);
  const wholeDay = walkMinutes(whole, { day, dayReturn: ofDay(market.wholeLevels), activity });
  const ownDay = walkMinutes(own, { day, dayReturn: ofDay(market.ownLevels), activity });
  const random = createRandom(own.seed, BARS_STREAM, day);
  const toPrice = (level: number) => Math.round(Math.exp(level) * ticksPerUnit) / ticksPerUnit;
  const usualDeviation = joinDeviations(profile.beta * whole.dailyDeviation, own.dailyDeviation) / Math.sqrt(DAY_MINUTES);
  const usualTurnover = profile.dailyTurnover / DAY_MINUTES;

  const bars = allocateCandles(DAY_MINUTES);
  let level = levelAtStart(market, day);
  for (let minute = 0; minute < DAY_MINUTES; minute++) {
    const moved = profile.beta * (wholeDay.returns[minute] as number) + (ownDay.returns[minute] as number);
    const deviation = joinDeviations(profile.beta * (wholeDay.deviations[minute] as number), ownDay.deviations[minute] as number);
    // The last minute ends on the next day's level itself, not on a sum that may differ in its last bit.
    const nextLevel = minute === DAY_MINUTES - 1 ? levelAtStart(market, day + 1) : level + moved;
    const open = toPrice(level + startingOffset(random) * deviation);
    const close = toPrice(nextLevel);
    const highest = reach({ from: level, to: nextLevel, deviation, draw: random.exponential() });
    const lowest = -reach({ from: -level, to: -nextLevel, deviation, draw: random.exponential() });
    const turnover =
      usualTurnover * eagerness({ activity: deviation / usualDeviation, surprise: Math.abs(moved) / deviation, noise: random.normal() });

    bars.openTimeMs[minute] = day * DAY_MS + minute * MINUTE_MS;
    bars.open[minute] = open;
    bars.high[minute] = Math.max(open, close, toPrice(highest));
    bars.low[minute] = Math.min(open, close, toPrice(lowest));
    bars.close[minute] = close;
    bars.volume[minute] = Math.max(1, Math.round(turnover / close / volumeStep)) * volumeStep;
    level = nextLevel;
  }
  return bars;
}

/** The highest level of a random walk between two ends: its known distribution, turned over at an exponential draw. */
function reach({ from, to, deviation, draw }: { from: number; to: number; deviation: number; draw: number }): number {
  const distance = to - from;
  return (from + to + Math.sqrt(distance * distance + 2 * deviation * deviation * draw)) / 2;
}

/** Every other minute the first trade is not at the price of the last one before; in deviations. */
function startingOffset(random: Random): number {
  return random.uniform() < 0.5 ? 0 : 0.04 * random.normal();
}

/** Turnover of a minute relative to the usual: more when the market is restless, and more in the minutes that move. */
function eagerness({ activity, surprise, noise }: { activity: number; surprise: number; noise: number }): number {
  const pull = Math.min(surprise, 12);
  return Math.exp(1.2 * Math.log(activity) + 0.6 * noise) * (0.4 + 0.4 * pull + 0.1 * pull * pull);
}

/** Deviation of the sum of two independent movements. */
export function joinDeviations(one: number, other: number): number {
  return Math.sqrt(one * one + other * other);
}

function powerAtLeast(base: number, wanted: number): number {
  let power = 1;
  while (power < wanted) power *= base;
  while (power / base >= wanted) power /= base;
  return power;
}
