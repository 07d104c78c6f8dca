import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/engine/bar.ts';
import { type Columns, decodeColumns, encodeColumns, mergeColumns, splitByDay } from '../../src/store/daily-columns.ts';

const columns = (rows: readonly (readonly [timeMs: number, value: number])[]): Columns => [
  Float64Array.from(rows, ([timeMs]) => timeMs),
  Float64Array.from(rows, ([, value]) => value),
];
const rowsOf = ([times, values]: Columns) => Array.from(times, (timeMs, index) => [timeMs, values?.[index]] as const);

const series = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.double({ noNaN: true })), {
    selector: ([hour]) => hour,
    maxLength: 30,
    size: 'max',
  })
  .map((rows) => rows.map(([hour, value]) => [(hour * DAY_MS) / 8, value] as const).sort(([a], [b]) => a - b));

describe('daily columns', () => {
  it('merge into the union by time, in which the newer wins', () => {
    let overlaps = 0;
    fc.assert(
      fc.property(series, series, (older, newer) => {
        const union = new Map([...older, ...newer]);
        if (union.size < older.length + newer.length) overlaps += 1;
        const merged = rowsOf(mergeColumns(columns(older), columns(newer)));
        expect(merged).toEqual([...union].sort(([a], [b]) => a - b));
      }),
    );
    expect(overlaps, 'series without a common time prove nothing').toBeGreaterThan(20);
  });

  it('come apart into days and lose nothing', () => {
    fc.assert(
      fc.property(series, (rows) => {
        const days = splitByDay(columns(rows));
        expect(days.flatMap((day) => rowsOf(day.columns))).toEqual(rows);
        expect(days.map(({ day }) => day)).toEqual([...new Set(rows.map(([timeMs]) => new Date(timeMs).toISOString().slice(0, 10)))]);
      }),
    );
  });

  it('come back from their bytes bit by bit, wherever the bytes lie in memory', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 0, max: 7 }), (rows, offset) => {
        const bytes = encodeColumns(columns(rows));
        const elsewhere = Buffer.concat([Buffer.alloc(offset), bytes]).subarray(offset);
        expect(rowsOf(decodeColumns(elsewhere, 2))).toEqual(rows);
      }),
    );
  });

  it('are float64, little-endian, one column after the other', () => {
    const bytes = encodeColumns(
      columns([
        [1, 3],
        [2, 4],
      ]),
    );

    expect([0, 8, 16, 24].map((offset) => bytes.readDoubleLE(offset))).toEqual([1, 2, 3, 4]);
  });
});
