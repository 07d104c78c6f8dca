import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/engine/bar.ts';
import { returnInterval } from '../../src/engine/return-interval.ts';
import { seededRandom } from '../support/bars.ts';

const DAYS = 30;
const BARS = DAYS * 24;

/** Equity that grows by the same share each bar, but for a random part. */
function equityOf({ growth, noise, seed = 1 }: { growth: number; noise: number; seed?: number }): Float64Array {
  const random = seededRandom(seed);
  let value = 1_000;
  return Float64Array.from({ length: BARS }, () => {
    value *= 1 + growth + (random() - 0.5) * noise;
    return value;
  });
}
const intervalOf = (equity: Float64Array, seed = 1) => returnInterval({ equity, initialCash: 1_000, barMs: HOUR_MS, seed });

describe('the interval of a return', () => {
  it('is the return itself where every bar made the same', () => {
    const interval = intervalOf(equityOf({ growth: 0.0001, noise: 0 }));

    const made = (1.0001 ** BARS - 1) * 100;
    expect(interval?.low_pct).toBeCloseTo(made, 9);
    expect(interval?.high_pct).toBeCloseTo(made, 9);
    expect(interval?.losing_pct).toBe(0);
  });

  it('holds the return that was made, and is as wide as independent bars make it', () => {
    const noise = 0.02;
    const equity = equityOf({ growth: 0, noise });
    const interval = intervalOf(equity);

    const made = ((equity.at(-1) ?? 0) / 1_000 - 1) * 100;
    expect(interval?.low_pct).toBeLessThan(made);
    expect(interval?.high_pct).toBeGreaterThan(made);
    // A uniform part of that width has a variance of a twelfth of its square; 90 % of a normal lies within 1.645 deviations.
    const width = Math.log1p((interval?.high_pct ?? 0) / 100) - Math.log1p((interval?.low_pct ?? 0) / 100);
    const expected = 2 * 1.645 * noise * Math.sqrt(BARS / 12);
    expect(width / expected).toBeGreaterThan(0.75);
    expect(width / expected).toBeLessThan(1.25);
  });

  it('is the same for the same seed and another for another', () => {
    const equity = equityOf({ growth: 0, noise: 0.02 });

    expect(intervalOf(equity, 7)).toEqual(intervalOf(equity, 7));
    expect(intervalOf(equity, 8)).not.toEqual(intervalOf(equity, 7));
  });

  it('keeps the bars of a day together: a day of gains and losses that cancel leaves nothing to chance', () => {
    const equity = Float64Array.from({ length: BARS }, (_, bar) => 1_000 * (1 + 0.1 * Math.sin((2 * Math.PI * (bar + 1)) / 24)));

    const interval = intervalOf(equity);

    expect(Math.abs(interval?.low_pct ?? 99)).toBeLessThan(1e-9);
    expect(Math.abs(interval?.high_pct ?? 99)).toBeLessThan(1e-9);
  });

  it('is not known for less than 14 days, nor where the account was lost', () => {
    const equity = equityOf({ growth: 0, noise: 0.02 });
    const lost = equity.slice();
    lost[400] = 0;

    expect(intervalOf(equity.subarray(0, 14 * 24))).not.toBeNull();
    expect(intervalOf(equity.subarray(0, 14 * 24 - 1))).toBeNull();
    expect(intervalOf(lost)).toBeNull();
  });
});
