import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/engine/bar.ts';
import type { Candles } from '../../src/engine/candles.ts';
import { simulateCandles, simulateFunding } from '../../src/market/simulated.ts';
import { FIRST_DAY } from '../../src/market/simulated-component.ts';
import { levelAtStart, openMarket } from '../../src/market/simulated-market.ts';

const DAYS = 120;
const BARS_PER_YEAR = 365 * 288;
const START_MS = Date.UTC(2025, 5, 1);
const rangeOf = (symbol: string, seed: number) => ({ symbol, startMs: START_MS, endMs: START_MS + DAYS * DAY_MS, seed });

describe.each([1, 42, 2_025])('the simulated market of seed %i', (seed) => {
  const bars = simulateCandles({ ...rangeOf('BTC-USD', seed), timeframe: '5m' });
  const returns = logReturns(bars);
  const sizes = returns.map(Math.abs);

  it('moves 30 to 120 percent a year', () => {
    const yearly = Math.sqrt(mean(returns.map((value) => value * value)) * BARS_PER_YEAR);

    expect(yearly).toBeGreaterThan(0.3);
    expect(yearly).toBeLessThan(1.2);
  });

  it('has fat tails', () => {
    expect(kurtosis(returns)).toBeGreaterThan(10);
  });

  it('keeps storms and calms together for an hour and for a day', () => {
    for (const lag of [1, 2, 3, 6, 12]) expect(autocorrelation(sizes, lag), `lag ${lag}`).toBeGreaterThan(0.12);
    expect(autocorrelation(sizes, 288)).toBeGreaterThan(0.02);
  });

  it('does not foretell its direction', () => {
    for (const lag of [1, 2, 3, 12]) expect(Math.abs(autocorrelation(returns, lag)), `lag ${lag}`).toBeLessThan(0.08);
  });

  it('jumps a few times a month, beyond what its minutes before would lead to', () => {
    const minutes = simulateCandles({ ...rangeOf('BTC-USD', seed), timeframe: '1m' });
    const moves = logReturns(minutes).map(Math.abs);
    const jumps = moves.filter((move, row) => row >= 60 && move > 0.003 && move > 20 * median(moves.subarray(row - 60, row))).length;

    expect((jumps * 30) / DAYS).toBeGreaterThan(3);
    expect((jumps * 30) / DAYS).toBeLessThan(30);
  });

  it('sleeps before dawn and wakes with New York', () => {
    const byHour = (hour: number) => median(sizes.filter((_, row) => Math.floor((row % 288) / 12) === hour));

    expect(byHour(15)).toBeGreaterThan(1.35 * byHour(5));
    expect(byHour(0)).toBeGreaterThan(1.1 * byHour(5));
    expect(byHour(15)).toBeGreaterThan(1.1 * byHour(22));
  });

  it('trades more when it moves more', () => {
    const log = (values: Float64Array) => values.map((value) => Math.log(value + 1e-6));

    expect(correlation(log(bars.volume.subarray(1)), log(sizes))).toBeGreaterThan(0.35);
    expect(correlation(log(bars.volume.subarray(1)), log(sizes))).toBeLessThan(0.8);
  });

  it('leaves wicks like those of real bars', () => {
    const bodies = bars.close.map((close, row) => Math.abs(close - (bars.open[row] as number)));
    const ranges = bars.high.map((high, row) => high - (bars.low[row] as number));

    expect(mean(ranges) / mean(bodies)).toBeGreaterThan(1.7);
    expect(mean(ranges) / mean(bodies)).toBeLessThan(2.4);
  });

  it('moves ether with bitcoin, and not as one', () => {
    const together = correlation(returns, logReturns(simulateCandles({ ...rangeOf('ETH-USD', seed), timeframe: '5m' })));

    expect(together).toBeGreaterThan(0.5);
    expect(together).toBeLessThan(0.95);
  });

  it('funds within 0.05 percent nearly always, and leans on the trend before', () => {
    const { timeMs, rate } = simulateFunding(rangeOf('BTC-USD', seed));
    const trend = timeMs.map((time) => Math.log(closeBefore(bars, time) / closeBefore(bars, time - 3 * DAY_MS)));
    const known = timeMs.findIndex((time) => time > START_MS + 4 * DAY_MS);

    expect(rate.filter((value) => Math.abs(value) <= 0.0005).length / rate.length).toBeGreaterThan(0.95);
    expect(rate.some((value) => value > 0) && rate.some((value) => value < 0)).toBe(true);
    expect(correlation(rate.subarray(known), trend.subarray(known))).toBeGreaterThan(0.4);
  });

  it('stays at plausible prices for decades', () => {
    const lastDay = Date.UTC(2060, 0, 1) / DAY_MS;
    const market = openMarket({ symbol: 'BTC-USD', seed, lastDay });
    const prices = Array.from({ length: lastDay - FIRST_DAY }, (_, index) => Math.exp(levelAtStart(market, FIRST_DAY + index)));

    expect(Math.min(...prices)).toBeGreaterThan(6_000);
    expect(Math.max(...prices)).toBeLessThan(600_000);
    expect(Math.max(...prices) / Math.min(...prices)).toBeGreaterThan(2);
  });
});

function closeBefore({ openTimeMs, close }: Candles, timeMs: number): number {
  const row = Math.round((timeMs - (openTimeMs[0] as number)) / (HOUR_MS / 12)) - 1;
  return close[Math.max(0, row)] as number;
}

function logReturns({ close }: Candles): Float64Array {
  return close.subarray(1).map((price, row) => Math.log(price / (close[row] as number)));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: Float64Array): number {
  return values.toSorted()[values.length >> 1] as number;
}

function kurtosis(values: Float64Array): number {
  const centre = mean(values);
  const variance = mean(values.map((value) => (value - centre) ** 2));
  return mean(values.map((value) => (value - centre) ** 4)) / variance ** 2;
}

function correlation(ones: Float64Array, others: Float64Array): number {
  const a = mean(ones);
  const b = mean(others);
  const product = mean(ones.map((value, row) => (value - a) * ((others[row] as number) - b)));
  return product / Math.sqrt(mean(ones.map((value) => (value - a) ** 2)) * mean(others.map((value) => (value - b) ** 2)));
}

function autocorrelation(values: Float64Array, lag: number): number {
  return correlation(values.subarray(lag), values.subarray(0, values.length - lag));
}
