import { DAY_MS } from '../engine/bar.ts';

/** Columns of equal length whose first holds times in ms UTC, ascending without repeats. */
export type Columns = readonly [timeMs: Float64Array, ...values: Float64Array[]];

export type DailyColumns = { readonly day: string; readonly columns: Columns };

const FLOAT_BYTES = Float64Array.BYTES_PER_ELEMENT;

/** A day in the database; its name in ISO form, UTC. */
export const dayOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);

export function splitByDay(columns: Columns): DailyColumns[] {
  const [times] = columns;
  const days: DailyColumns[] = [];
  let from = 0;
  while (from < times.length) {
    const startMs = times[from] as number;
    const to = firstFrom(times, (Math.floor(startMs / DAY_MS) + 1) * DAY_MS);
    days.push({ day: dayOf(startMs), columns: cut(columns, from, to) });
    from = to;
  }
  return days;
}

/** Every time of both; where both have one, the newer's values. */
export function mergeColumns(older: Columns, newer: Columns): Columns {
  const picks: { readonly from: Columns; readonly index: number }[] = [];
  let index = 0;
  for (let next = 0; next < newer[0].length; next += 1) {
    const timeMs = newer[0][next] as number;
    for (; (older[0][index] ?? Infinity) < timeMs; index += 1) picks.push({ from: older, index });
    if (older[0][index] === timeMs) index += 1;
    picks.push({ from: newer, index: next });
  }
  for (; index < older[0].length; index += 1) picks.push({ from: older, index });

  const pickColumn = (column: number) => Float64Array.from(picks, (pick) => pick.from[column]?.[pick.index] as number);
  const [, ...values] = newer;
  return [pickColumn(0), ...values.map((_, value) => pickColumn(value + 1))];
}

/** The columns one after the other. Memory order is file order: every platform that Node is released for, but one, is little-endian. */
export function encodeColumns(columns: Columns): Buffer {
  const bytes = Buffer.alloc(columns.length * columns[0].length * FLOAT_BYTES);
  columns.forEach((column, index) => {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), index * column.byteLength);
  });
  return bytes;
}

export function decodeColumns(bytes: Buffer, columnCount: number): Columns {
  // A Buffer may start anywhere in its memory; floats may not.
  const { buffer } = new Uint8Array(bytes);
  const length = bytes.byteLength / columnCount / FLOAT_BYTES;
  const column = (index: number) => new Float64Array(buffer, index * length * FLOAT_BYTES, length);
  return [column(0), ...Array.from({ length: columnCount - 1 }, (_, index) => column(index + 1))];
}

/** The part with times in [startMs, endMs), on the same memory. */
export function cutToRange(columns: Columns, startMs: number, endMs: number): Columns {
  return cut(columns, firstFrom(columns[0], startMs), firstFrom(columns[0], endMs));
}

/** Writes the parts one after the other into columns that have room for exactly all of them. */
export function fillColumns(target: Columns, parts: readonly Columns[]): void {
  let offset = 0;
  for (const part of parts) {
    target.forEach((column, index) => {
      column.set(part[index] as Float64Array, offset);
    });
    offset += part[0].length;
  }
}

export const countRows = (parts: readonly Columns[]): number => parts.reduce((sum, [times]) => sum + times.length, 0);

function cut([times, ...values]: Columns, from: number, to: number): Columns {
  return [times.subarray(from, to), ...values.map((column) => column.subarray(from, to))];
}

function firstFrom(times: Float64Array, timeMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
