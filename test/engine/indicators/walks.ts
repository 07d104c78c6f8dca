import fc from 'fast-check';
import { MINUTE_MS } from '../../../src/engine/bar.ts';
import { type Candles, candlesFromBars } from '../../../src/engine/candles.ts';
import { SHORT_TERM_FURTHER, STANDARD_FURTHER } from '../../../src/engine/indicators/further-periods.ts';
import { type IndicatorPeriods, PERIOD_NAMES, type PeriodName } from '../../../src/engine/indicators/periods.ts';

type Stretch = { readonly kind: 'walk' | 'flat' | 'jump' | 'silent'; readonly bars: number; readonly seed: number };

const stretch: fc.Arbitrary<Stretch> = fc.record({
  kind: fc.constantFrom('walk', 'walk', 'flat', 'jump', 'silent'),
  bars: fc.integer({ min: 1, max: 90 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
});

/** Bars as markets make them: walks, flat stretches, jumps, and silence without volume; some days long. */
export const walks: fc.Arbitrary<Candles> = fc
  .record({
    price: fc.constantFrom(0.00002, 0.5, 100, 65_000),
    barMs: fc.constantFrom(MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS),
    first: fc.integer({ min: 60, max: 160 }),
    seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    rest: fc.array(stretch, { maxLength: 6 }),
  })
  .map(({ price, barMs, first, seed, rest }) => makeWalk(price, barMs, [{ kind: 'walk', bars: first, seed }, ...rest]));

function makeWalk(price: number, barMs: number, stretches: readonly Stretch[]): Candles {
  let close = price;
  const bars = stretches.flatMap(({ kind, bars: count, seed }) => {
    const chance = lehmer(seed);
    if (kind === 'jump') close *= chance() < 0.5 ? 0.6 : 1.7;
    return Array.from({ length: count }, () => {
      const open = close;
      if (kind === 'flat') return { open, high: open, low: open, close, volume: chance() };
      close *= 1 + (chance() - 0.5) * 0.02;
      const high = Math.max(open, close) * (1 + chance() * 0.005);
      const low = Math.min(open, close) * (1 - chance() * 0.005);
      return { open, high, low, close, volume: kind === 'silent' ? 0 : chance() * 10 ** (chance() * 8 - 4) };
    });
  });
  return candlesFromBars(
    bars.map((bar, index) => ({ openTimeMs: 1_700_000_000_000 - (1_700_000_000_000 % barMs) + index * barMs, ...bar })),
  );
}

/** Numbers in (0, 1) that depend on the seed alone. */
export function lehmer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const tablePeriods = fc.record(
  Object.fromEntries(PERIOD_NAMES.map((name) => [name, fc.integer({ min: 1, max: 24 })])) as Record<PeriodName, fc.Arbitrary<number>>,
);

/** Lengths in every corner of what people may ask for, short enough for the walks to fill them. */
export const periodSets: fc.Arbitrary<IndicatorPeriods> = fc
  .tuple(tablePeriods, fc.constantFrom(STANDARD_FURTHER, SHORT_TERM_FURTHER))
  .map(([periods, further]) => ({
    ...periods,
    rsi: Math.max(periods.rsi, 2),
    macd_slow: periods.macd_fast + periods.macd_slow,
    further,
  }));

export const CHECKS = { seed: 20_240_611, numRuns: 120 } as const;
