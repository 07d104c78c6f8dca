import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bar, TIMEFRAME_MS } from '../../src/engine/bar.ts';
import { checkCandles } from '../../src/engine/candle-check.ts';
import { candlesFromBars } from '../../src/engine/candles.ts';

const STEP_MS = TIMEFRAME_MS['5m'];
const START_MS = Date.UTC(2025, 9, 10);

const goodBar: fc.Arbitrary<Omit<Bar, 'openTimeMs'> & { skippedBars: number }> = fc
  .record({
    prices: fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { minLength: 4, maxLength: 4 }),
    volume: fc.double({ min: 0, max: 1e12, noNaN: true }),
    skippedBars: fc.nat(3),
  })
  .map(({ prices, volume, skippedBars }) => {
    const [low = 1, open = 1, close = 1, high = 1] = prices.toSorted((a, b) => a - b);
    return { open, high, low, close, volume, skippedBars };
  });

/** Bars in order and aligned, with gaps, each of a lawful shape. */
const goodBars = fc.array(goodBar, { minLength: 2, maxLength: 60 }).map((bars) => {
  let openTimeMs = START_MS;
  return bars.map(({ skippedBars, ...bar }) => {
    openTimeMs += (1 + skippedBars) * STEP_MS;
    return { openTimeMs, ...bar };
  });
});

const NUMBERS = ['open', 'high', 'low', 'close', 'volume'] as const;

describe('checkCandles', () => {
  it('passes every lawful walk', () => {
    fc.assert(
      fc.property(goodBars, (bars) => {
        expect(checkCandles(candlesFromBars(bars), '5m')).toBeNull();
      }),
    );
  });

  it('passes no bars at all and one bar', () => {
    expect(checkCandles(candlesFromBars([]), '5m')).toBeNull();
    expect(checkCandles(candlesFromBars([flatBar(START_MS)]), '1d')).toBeNull();
  });

  const mutators: Record<string, { wanted: RegExp; mutate: (bars: Bar[], row: number, name: (typeof NUMBERS)[number]) => Bar[] }> = {
    'a duplicate': {
      wanted: /duplicate/,
      mutate: (bars, row) => bars.toSpliced(row, 0, bars[row - 1] ?? flatBar(0)),
    },
    'a bar out of order': {
      wanted: /out of order/,
      mutate: (bars, row) => bars.toSpliced(row, 0, { ...flatBar(0), openTimeMs: (bars[row - 1]?.openTimeMs ?? 0) - STEP_MS }),
    },
    'a NaN': { wanted: /NaN/, mutate: (bars, row, name) => change(bars, row, () => ({ [name]: Number.NaN })) },
    'an infinite number': { wanted: /Infinity/, mutate: (bars, row, name) => change(bars, row, () => ({ [name]: Infinity })) },
    'a negative number': { wanted: /-\d/, mutate: (bars, row, name) => change(bars, row, (bar) => ({ [name]: -bar[name] - 1 })) },
    'a price of zero': {
      wanted: /is 0; a price must be above 0/,
      mutate: (bars, row, name) => change(bars, row, () => ({ [name === 'volume' ? 'open' : name]: 0 })),
    },
    'an inverted bar': {
      wanted: /high .* is below|low .* is above/,
      mutate: (bars, row) => change(bars, row, ({ high, low }) => ({ high: low / 2, low: high * 2 })),
    },
    'a time beside the timeframe': {
      wanted: /not aligned to 5m/,
      mutate: (bars, row) => change(bars, row, ({ openTimeMs }) => ({ openTimeMs: openTimeMs + 60_000 })),
    },
    'a time that is not whole': {
      wanted: /not a whole number/,
      mutate: (bars, row) => change(bars, row, ({ openTimeMs }) => ({ openTimeMs: openTimeMs + 0.5 })),
    },
  };

  it.each(Object.entries(mutators))('catches %s at its row', (_, { mutate, wanted }) => {
    fc.assert(
      fc.property(goodBars, fc.nat(), fc.constantFrom(...NUMBERS), (bars, pick, name) => {
        const row = 1 + (pick % (bars.length - 1));

        const bad = checkCandles(candlesFromBars(mutate(bars, row, name)), '5m');

        expect(bad).toEqual({ row, reason: expect.stringMatching(wanted) });
      }),
    );
  });

  it('names the first of several bad bars', () => {
    const bars = [flatBar(START_MS), { ...flatBar(START_MS + STEP_MS), volume: -1 }, { ...flatBar(START_MS + 2 * STEP_MS), open: -1 }];

    expect(checkCandles(candlesFromBars(bars), '5m')).toEqual({ row: 1, reason: 'volume is -1; it must be 0 or more' });
  });

  it('quotes what it saw and what it wanted', () => {
    const reasonFor = (bar: Bar) => checkCandles(candlesFromBars([bar]), '5m')?.reason;

    expect(reasonFor({ ...flatBar(START_MS), close: 101 })).toBe('high 100 is below the close 101; it must be at least both');
    expect(reasonFor({ ...flatBar(START_MS), low: 100.5, high: 102, close: 101 })).toBe(
      'low 100.5 is above the open 100; it must be at most both',
    );
    expect(reasonFor(flatBar(START_MS + 60_000))).toBe(
      'time 1760054460000 (2025-10-10T00:01:00Z) is not aligned to 5m; the nearest 5m opens are 1760054400000 (2025-10-10T00:00:00Z) and 1760054700000 (2025-10-10T00:05:00Z)',
    );
  });

  it('speaks of a time that no calendar holds', () => {
    expect(checkCandles(candlesFromBars([flatBar(1e16)]), '1d')?.reason).toContain('10000000000000000 is not aligned');
  });
});

function flatBar(openTimeMs: number): Bar {
  return { openTimeMs, open: 100, high: 100, low: 100, close: 100, volume: 1 };
}

function change(bars: readonly Bar[], row: number, changes: (bar: Bar) => Partial<Bar>): Bar[] {
  return bars.map((bar, index) => (index === row ? { ...bar, ...changes(bar) } : bar));
}
