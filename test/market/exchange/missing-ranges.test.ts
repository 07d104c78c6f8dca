import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinRanges, missingRanges, type TimeRange } from '../../../src/market/exchange/missing-ranges.ts';

describe('missingRanges', () => {
  it('is the whole range when nothing was fetched', () => {
    expect(missingRanges([], { fromMs: 10, toMs: 20 })).toEqual([{ fromMs: 10, toMs: 20 }]);
  });

  it('is what lies before, between and behind', () => {
    const fetched = [
      { fromMs: 16, toMs: 18 },
      { fromMs: 12, toMs: 14 },
    ];

    expect(missingRanges(fetched, { fromMs: 10, toMs: 20 })).toEqual([
      { fromMs: 10, toMs: 12 },
      { fromMs: 14, toMs: 16 },
      { fromMs: 18, toMs: 20 },
    ]);
  });

  it('holds exactly the times of the range that no fetched range holds', () => {
    const holds = (ranges: readonly TimeRange[], timeMs: number) => ranges.some(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs);
    const range = fc.tuple(fc.nat(30), fc.nat(30)).map(([a, b]) => ({ fromMs: Math.min(a, b), toMs: Math.max(a, b) }));
    let sawPartial = 0;

    fc.assert(
      fc.property(fc.array(range, { maxLength: 6 }), range, (fetched, wanted) => {
        const missing = missingRanges(fetched, wanted);

        for (let timeMs = -1; timeMs <= 31; timeMs++) {
          expect(holds(missing, timeMs)).toBe(holds([wanted], timeMs) && !holds(fetched, timeMs));
          expect(holds(joinRanges(fetched), timeMs)).toBe(holds(fetched, timeMs));
        }
        expect(joinRanges(missing)).toEqual(missing);
        if (missing.length > 1) sawPartial++;
      }),
    );
    expect(sawPartial).toBeGreaterThan(0);
  });
});
