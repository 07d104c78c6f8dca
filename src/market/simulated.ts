import { DAY_MS, HOUR_MS, TIMEFRAME_MS, type Timeframe } from '../engine/bar.ts';
import { allocateCandles, type Candles, type FundingRates } from '../engine/candles.ts';
import { Refusal } from '../engine/refusal.ts';
import { hashWords } from './random.ts';
import { activityOfWholeDay } from './simulated-activity.ts';
import { FIRST_DAY } from './simulated-component.ts';
import { joinDeviations, levelAtStart, openMarket, simulateDay } from './simulated-market.ts';
import { noiseAt } from './simulated-noise.ts';

/** A range of the simulated market: start included, end not; UTC milliseconds. The seed names the market. */
export type SimulatedRange = { readonly symbol: string; readonly startMs: number; readonly endMs: number; readonly seed: number };

/** The simulated market exists from 2020-01-01 to 2100-01-01. */
export const SIMULATED_FROM_MS = FIRST_DAY * DAY_MS;
export const SIMULATED_TO_MS = Date.UTC(2100, 0, 1);

/** Ten years of 1m bars, in round numbers. */
export const MAX_SIMULATED_BARS = 5_500_000;

/**
 * The bars that open and close inside the range. One seed is one market: a bar depends on seed, symbol and time only, never on
 * the range asked for, and every timeframe is put together from the same 1m bars.
 */
export function simulateCandles({ symbol, timeframe, startMs, endMs, seed }: SimulatedRange & { readonly timeframe: Timeframe }): Candles {
  checkRange({ symbol, startMs, endMs, seed });
  const stepMs = TIMEFRAME_MS[timeframe];
  const firstMs = Math.ceil(startMs / stepMs) * stepMs;
  const barCount = Math.floor((endMs - firstMs) / stepMs);
  if (barCount < 1) throw new Refusal(`No ${timeframe} bar lies between ${spell(startMs)} and ${spell(endMs)}. Ask for a longer range.`);
  if (barCount > MAX_SIMULATED_BARS) {
    throw new Refusal(
      `${barCount} ${timeframe} bars are more than the ${MAX_SIMULATED_BARS} we simulate at once. Ask for a shorter range or a longer timeframe.`,
    );
  }

  const firstDay = Math.floor(firstMs / DAY_MS);
  const lastDay = Math.floor((firstMs + barCount * stepMs - 1) / DAY_MS);
  const market = openMarket({ symbol, seed, lastDay: lastDay + 1 });
  const candles = allocateCandles(barCount);
  for (let index = 0; index < barCount; index++) candles.openTimeMs[index] = firstMs + index * stepMs;
  for (let day = firstDay; day <= lastDay; day++) addMinutes(candles, simulateDay(market, day), { firstMs, stepMs });
  return candles;
}

function addMinutes(candles: Candles, minutes: Candles, { firstMs, stepMs }: { firstMs: number; stepMs: number }): void {
  const { open, high, low, close, volume } = candles;
  for (let minute = 0; minute < minutes.openTimeMs.length; minute++) {
    const sinceMs = (minutes.openTimeMs[minute] as number) - firstMs;
    const bar = Math.floor(sinceMs / stepMs);
    if (bar < 0 || bar >= open.length) continue;
    const isFirst = sinceMs % stepMs === 0;
    const top = minutes.high[minute] as number;
    const bottom = minutes.low[minute] as number;
    if (isFirst) open[bar] = minutes.open[minute] as number;
    high[bar] = isFirst ? top : Math.max(high[bar] as number, top);
    low[bar] = isFirst ? bottom : Math.min(low[bar] as number, bottom);
    close[bar] = minutes.close[minute] as number;
    volume[bar] = (volume[bar] as number) + (minutes.volume[minute] as number);
  }
}

const FUNDING_MS = 8 * HOUR_MS;
const FUNDING_STREAM = 5;
const TREND_DAYS = 3;

/** Funding at 00:00, 08:00 and 16:00 UTC inside the range. It leans on the trend of the three days before, and never looks ahead. */
export function simulateFunding({ symbol, startMs, endMs, seed }: SimulatedRange): FundingRates {
  checkRange({ symbol, startMs, endMs, seed });
  const first = Math.ceil(startMs / FUNDING_MS);
  const count = Math.max(0, Math.ceil(endMs / FUNDING_MS) - first);
  const market = openMarket({ symbol, seed, lastDay: Math.floor(endMs / DAY_MS) });
  const noiseSeed = hashWords([market.own.seed, FUNDING_STREAM]);
  const trendDeviation =
    joinDeviations(market.profile.beta * market.whole.dailyDeviation, market.own.dailyDeviation) * Math.sqrt(TREND_DAYS);

  const timeMs = new Float64Array(count);
  const rate = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const settlement = first + index;
    const day = Math.floor((settlement * FUNDING_MS) / DAY_MS);
    const trend = (levelAtStart(market, day) - levelAtStart(market, Math.max(FIRST_DAY, day - TREND_DAYS))) / trendDeviation;
    const lean = trend / Math.sqrt(1 + trend * trend);
    const heat = activityOfWholeDay(market.whole.marketSeed, day);
    timeMs[index] = settlement * FUNDING_MS;
    rate[index] = Math.round(heat * (6_000 + 12_000 * lean + 4_000 * noiseAt(noiseSeed, settlement / 4))) / 1e8;
  }
  return { timeMs, rate };
}

function checkRange({ startMs, endMs, seed }: SimulatedRange): void {
  if (!Number.isSafeInteger(seed)) throw new Refusal(`Seed ${seed} is not a whole number. Name one, e.g. 42.`);
  const isInside = startMs >= SIMULATED_FROM_MS && endMs <= SIMULATED_TO_MS;
  if (!isInside) {
    throw new Refusal(
      `${spell(startMs)} to ${spell(endMs)} is not inside the simulated market, which lasts from ${spell(SIMULATED_FROM_MS)} to ${spell(SIMULATED_TO_MS)}.`,
    );
  }
  if (endMs <= startMs) throw new Refusal(`The range ends at ${spell(endMs)}, not after its start ${spell(startMs)}. Give a later end.`);
}

function spell(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? `${timeMs}` : date.toISOString().replace('.000Z', 'Z');
}
