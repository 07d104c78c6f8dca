import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, TIMEFRAME_MS, TIMEFRAMES, type Timeframe } from '../../src/engine/bar.ts';
import { checkCandles } from '../../src/engine/candle-check.ts';
import { allocateCandles, CANDLE_COLUMNS, type Candles, firstBarFrom, sliceCandles } from '../../src/engine/candles.ts';
import { findGaps } from '../../src/engine/gaps.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import { SIMULATED_FROM_MS, SIMULATED_TO_MS, simulateCandles, simulateFunding } from '../../src/market/simulated.ts';

const START_MS = Date.UTC(2025, 8, 27);
const DAYS = 4;
const WINDOW = { symbol: 'BTC-USD', startMs: START_MS, endMs: START_MS + DAYS * DAY_MS, seed: 42 };
const minutes = simulateCandles({ ...WINDOW, timeframe: '1m' });

describe('simulateCandles', () => {
  it('gives one good bar a step, without a gap, from start to end', () => {
    for (const symbol of ['BTC-USD', 'ETH-USD', 'DOGE-USDT', 'ETH-BTC', 'NOBODYKNOWS-USD']) {
      for (const timeframe of TIMEFRAMES) {
        const candles = simulateCandles({ ...WINDOW, symbol, timeframe });

        expect(checkCandles(candles, timeframe)).toBeNull();
        expect(findGaps(symbol, candles, timeframe)).toEqual([]);
        expect(candles.openTimeMs[0]).toBe(WINDOW.startMs);
        expect(candles.openTimeMs).toHaveLength((DAYS * DAY_MS) / TIMEFRAME_MS[timeframe]);
      }
    }
  });

  it.each(TIMEFRAMES)('puts %s bars together from the same 1m bars, to the bit', (timeframe) => {
    expect(simulateCandles({ ...WINDOW, timeframe })).toEqual(aggregate(minutes, timeframe));
  });

  it('gives a bar the same whatever range is asked for', () => {
    const minute = fc.nat(DAYS * 1_440 - 1);
    fc.assert(
      fc.property(minute, minute, fc.constantFrom(...TIMEFRAMES), (one, other, timeframe) => {
        const startMs = START_MS + Math.min(one, other) * MINUTE_MS;
        const endMs = START_MS + (Math.max(one, other) + 1) * MINUTE_MS;
        const stepMs = TIMEFRAME_MS[timeframe];
        fc.pre(Math.floor(endMs / stepMs) > Math.ceil(startMs / stepMs));
        const all = aggregate(minutes, timeframe);

        const part = simulateCandles({ ...WINDOW, timeframe, startMs, endMs });

        expect(part).toEqual(sliceCandles(all, firstBarFrom(all, startMs), firstBarFrom(all, endMs - stepMs + 1)));
      }),
      { numRuns: 25 },
    );
  });

  it('says the same on every machine', () => {
    const bars = [0, 1, 5_759].map((row) => CANDLE_COLUMNS.slice(1).map((name) => minutes[name][row]));

    expect(bars).toEqual([
      [67736.7, 67743.4, 67724.2, 67740.6, 52.125],
      [67740.6, 67769.2, 67712.9, 67734.7, 57.7890625],
      [67045.9, 67077.5, 67045.3, 67073.2, 100.3828125],
    ]);
  });

  it('is another market for another seed, and another price for another symbol', () => {
    const closeOf = (change: Partial<typeof WINDOW>) => simulateCandles({ ...WINDOW, timeframe: '1d', ...change }).close[0];

    expect(
      new Set([{}, { seed: 43 }, { seed: -42 }, { seed: 42 + 2 ** 32 }, { symbol: 'ETH-USD' }, { symbol: 'XYZ-USD' }].map(closeOf)).size,
    ).toBe(6);
    expect(closeOf({ symbol: 'BTC-USDT' })).toBe(closeOf({}));
  });

  it('starts known symbols at a price that people know', () => {
    const openOf = (symbol: string) =>
      simulateCandles({ symbol, timeframe: '1d', startMs: SIMULATED_FROM_MS, endMs: SIMULATED_FROM_MS + DAY_MS, seed: 7 }).open[0] ?? 0;

    const started = Object.entries({ 'BTC-USD': 60_000, 'ETH-USD': 3_000, 'SOL-USD': 150, 'DOGE-USD': 0.15 });
    for (const [symbol, price] of started) expect(Math.abs(openOf(symbol) / price - 1)).toBeLessThan(0.001);
  });

  it('moves in every bar, off round numbers, opening beside the last close', () => {
    const { open, high, low, close, volume } = minutes;
    const last = sliceCandles(minutes, 0, open.length - 1).close;
    const share = (column: Float64Array, test: (value: number, row: number) => boolean) => column.filter(test).length / column.length;

    expect(share(high, (top, row) => top === low[row])).toBe(0);
    expect(share(close, (price) => price % 100 === 0)).toBeLessThan(0.005);
    expect(share(volume, (traded) => traded <= 0)).toBe(0);
    const stepsFromLast = open.subarray(1).map((price, row) => Math.abs(price / (last[row] as number) - 1));
    expect(Math.max(...stepsFromLast)).toBeLessThan(0.002);
    expect(share(stepsFromLast, (step) => step === 0)).toBeGreaterThan(0.4);
  });

  it('asks only for whole bars inside the range', () => {
    const candles = simulateCandles({ ...WINDOW, timeframe: '1h', startMs: START_MS + 1, endMs: START_MS + 3 * HOUR_MS - 1 });

    expect([...candles.openTimeMs]).toEqual([START_MS + HOUR_MS]);
  });

  it.each<[string, Partial<typeof WINDOW>, string]>([
    ['a start before the first day', { startMs: SIMULATED_FROM_MS - 1 }, 'is not inside the simulated market'],
    ['an end after the last day', { endMs: SIMULATED_TO_MS + 1 }, 'is not inside the simulated market'],
    ['a time that is none', { startMs: Number.NaN }, 'is not inside the simulated market'],
    ['an end before its start', { endMs: START_MS }, 'not after its start'],
    ['a range without a whole bar', { endMs: START_MS + 30_000 }, 'No 1m bar lies between'],
    ['more bars than fit', { endMs: SIMULATED_TO_MS }, 'are more than the 5500000 we simulate at once'],
    ['half a seed', { seed: 0.5 }, 'Seed 0.5 is not a whole number'],
  ])('refuses %s', (_, change, reason) => {
    const act = () => simulateCandles({ ...WINDOW, timeframe: '1m', ...change });

    expect(act).toThrow(Refusal);
    expect(act).toThrow(reason);
  });
});

describe('simulateFunding', () => {
  const range = { ...WINDOW, endMs: START_MS + 30 * DAY_MS };

  it('settles at 00:00, 08:00 and 16:00 UTC, the end excluded', () => {
    const { timeMs, rate } = simulateFunding(range);

    expect([...timeMs]).toEqual(Array.from({ length: 90 }, (_, index) => START_MS + index * 8 * HOUR_MS));
    expect(rate).toHaveLength(90);
  });

  it('gives a rate the same whatever range is asked for', () => {
    const all = simulateFunding(range);

    const part = simulateFunding({ ...range, startMs: START_MS + 7 * HOUR_MS, endMs: START_MS + 41 * HOUR_MS });

    expect(part).toEqual({ timeMs: all.timeMs.slice(1, 6), rate: all.rate.slice(1, 6) });
  });

  it('has none in a range between two settlements', () => {
    expect(simulateFunding({ ...range, startMs: START_MS + 1, endMs: START_MS + HOUR_MS }).rate).toHaveLength(0);
  });

  it('begins with the market', () => {
    expect(simulateFunding({ ...range, startMs: SIMULATED_FROM_MS, endMs: SIMULATED_FROM_MS + DAY_MS }).rate.every(Number.isFinite)).toBe(
      true,
    );
  });
});

function aggregate(bars: Candles, timeframe: Timeframe): Candles {
  const size = TIMEFRAME_MS[timeframe] / MINUTE_MS;
  const longer = allocateCandles(bars.open.length / size);
  for (let row = 0; row < longer.open.length; row++) {
    const part = sliceCandles(bars, row * size, (row + 1) * size);
    longer.openTimeMs[row] = part.openTimeMs[0] as number;
    longer.open[row] = part.open[0] as number;
    longer.high[row] = Math.max(...part.high);
    longer.low[row] = Math.min(...part.low);
    longer.close[row] = part.close.at(-1) as number;
    // Added from the end, since any order must do.
    longer.volume[row] = part.volume.reduceRight((sum, volume) => sum + volume, 0);
  }
  return longer;
}
