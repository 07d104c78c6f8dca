import { DAY_MS } from './bar.ts';
import { ENOUGH_DAYS } from './sample.ts';
import { seededRandom } from './seeded-random.ts';

/** Where most of the returns lie that the same days would have made in another order, some more than once, some never. */
export type ReturnInterval = {
  /** Share of the resampled returns between low and high; %. */
  readonly level_pct: number;
  readonly low_pct: number;
  readonly high_pct: number;
  /** Share of the resampled returns below zero; %. */
  readonly losing_pct: number;
  readonly resamples: number;
};

const LEVEL_PCT = 90;
const RESAMPLES = 1_000;

type Curve = { readonly equity: Float64Array; readonly initialCash: number; readonly barMs: number; readonly seed: number };

/**
 * A circular block bootstrap of the bar returns of the marked equity, in blocks of a day, so that what belongs together within a day stays
 * together. Null where there are too few days, or where the account was lost: nothing can be multiplied with that.
 */
export function returnInterval({ equity, initialCash, barMs, seed }: Curve): ReturnInterval | null {
  const bars = equity.length;
  const blockBars = Math.max(1, Math.round(DAY_MS / barMs));
  if (bars < ENOUGH_DAYS * blockBars) return null;
  const growth = cumulativeGrowth(equity, initialCash);
  if (growth === null) return null;

  const random = seededRandom(seed);
  const returns = Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let left = bars; left > 0; left -= blockBars) {
      const from = Math.floor(random() * bars);
      sum += growthOver(growth, from, Math.min(left, blockBars));
    }
    return Math.expm1(sum) * 100;
  }).sort();
  const tail = (100 - LEVEL_PCT) / 200;
  return {
    level_pct: LEVEL_PCT,
    low_pct: quantile(returns, tail),
    high_pct: quantile(returns, 1 - tail),
    losing_pct: (returns.findLastIndex((value) => value < 0) + 1) / (RESAMPLES / 100),
    resamples: RESAMPLES,
  };
}

/** The logarithm of the growth up to each bar, the first being that of no bar; null when the equity was ever used up. */
function cumulativeGrowth(equity: Float64Array, initialCash: number): Float64Array | null {
  const growth = new Float64Array(equity.length + 1);
  for (let index = 0; index < equity.length; index++) {
    const value = equity[index] as number;
    if (value <= 0) return null;
    growth[index + 1] = Math.log(value / initialCash);
  }
  return growth;
}

/** Of so many bars from one on; after the last comes the first. */
function growthOver(growth: Float64Array, from: number, bars: number): number {
  const count = growth.length - 1;
  const to = from + bars;
  const at = (index: number) => growth[index] as number;
  return to <= count ? at(to) - at(from) : at(count) - at(from) + at(to - count);
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
}
