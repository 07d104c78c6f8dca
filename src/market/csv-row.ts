import { parseDecimal } from './decimal.ts';
import { OLDEST_MS, parseTimestamp } from './timestamp.ts';

/** More of a line than this is not needed to say what is wrong with it. */
const READ_CHARACTERS = 1_000;

const WANTED_TIME = 'wanted whole UTC milliseconds since 1970, e.g. 1758931200000';

/** What is wrong with a line that could not be read as these columns, and what to write instead. */
export function explainRow(line: Uint8Array, columns: readonly string[]): string {
  if (line.length === 0) return 'the line is empty; remove it';
  const bytes = line.subarray(0, READ_CHARACTERS);
  const text = Buffer.from(bytes).toString('latin1');
  if (/["']/.test(text)) return 'there are quotes in it; write the bare numbers';
  const fields = text.split(',');
  if (fields.length !== columns.length) {
    return `fields seen: ${fields.length}; wanted ${columns.length}: ${columns.join(',')}`;
  }
  const reasons = fields.map((field, index) => (index === 0 ? explainTime(field) : explainNumber(columns[index] ?? '', field)));
  return reasons.find((reason) => reason !== null) ?? `the line is longer than ${READ_CHARACTERS} characters`;
}

function explainTime(field: string): string | null {
  const bytes = Buffer.from(field, 'latin1');
  if (Number.isFinite(parseTimestamp(bytes, 0, bytes.length))) return null;
  const seen = `timestamp "${shorten(field)}"`;
  if (/^\d{4}-\d\d?-\d\d?/.test(field)) return `${seen} is a date as text; convert it: ${WANTED_TIME}`;
  if (!/^\d+$/.test(field)) return `${seen} is not a plain whole number; ${WANTED_TIME}`;
  if (Number(field) < OLDEST_MS) return `${seen} looks like seconds; multiply by 1000: ${WANTED_TIME}`;
  if (field.length < 18) return `${seen} looks like microseconds; divide by 1000: ${WANTED_TIME}`;
  return `${seen} looks like nanoseconds; divide by 1000000: ${WANTED_TIME}`;
}

function explainNumber(column: string, field: string): string | null {
  const bytes = Buffer.from(field, 'latin1');
  const value = parseDecimal(bytes, 0, bytes.length);
  if (Number.isFinite(value)) return null;
  if (field === '') return `${column} is empty; wanted a number such as 64250.5`;
  if (!Number.isNaN(value)) return `${column} "${shorten(field)}" is too large for a number we can hold`;
  if (field.trim() !== field) return `${column} "${shorten(field)}" has blanks around it; remove them`;
  return `${column} "${shorten(field)}" is not a plain number; wanted digits with a decimal point, such as 64250.5`;
}

function shorten(field: string): string {
  const printable = field.replace(/[^\x20-\x7e]/g, '?');
  return printable.length > 40 ? `${printable.slice(0, 40)}…` : printable;
}
