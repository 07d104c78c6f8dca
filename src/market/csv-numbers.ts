import { Refusal } from '../engine/refusal.ts';
import { explainRow } from './csv-row.ts';
import { endOfLine, readCsvText, showLine, startOfNextLine } from './csv-text.ts';
import { parseDecimal } from './decimal.ts';
import { parseTimestamp } from './timestamp.ts';

/** A file of numbers: row after row of `columns.length` values, the first of each a time in UTC milliseconds. */
export type CsvNumbers = {
  readonly values: Float64Array;
  readonly rowCount: number;
  /** The refusal of the file for what is wrong in this row of values (0 is the first after the header). */
  readonly refuseRow: (row: number, reason: string) => Refusal;
};

const COMMA = 0x2c;
const HEADER_ROW = 1;

/**
 * Reads the one kind of file we take: exactly this header, then one line of plain numbers a row. Scanning the bytes
 * keeps a million rows under a second and makes every refusal exact to the row, which no general CSV reader gives.
 */
export function readCsvNumbers(bytes: Uint8Array, fileName: string, columns: readonly string[]): CsvNumbers {
  const text = readCsvText(bytes, fileName);
  const refuseLine = (line: number, reason: string) =>
    new Refusal(
      `${fileName}, row ${line} (the header is row 1): ${reason}. It reads: ${showLine(text, line)} – nothing of the file was kept.`,
    );

  const headerEnd = endOfLine(text, 0);
  const header = columns.join(',');
  if (Buffer.from(text.subarray(0, Math.min(headerEnd, header.length + 1))).toString('latin1') !== header) {
    throw refuseLine(HEADER_ROW, `this is not the header we read; make the first line exactly ${header}`);
  }

  const width = columns.length;
  // A value is seldom shorter than 8 characters with its comma; a file that has more of them makes room as it goes.
  let values = new Float64Array(Math.max(width, text.length >> 3));
  let rowCount = 0;
  let at = startOfNextLine(text, headerEnd);
  while (at < text.length) {
    const end = endOfLine(text, at);
    if ((rowCount + 1) * width > values.length) values = widen(values);
    if (!readRow(text, { from: at, to: end }, { values, offset: rowCount * width, width })) {
      throw refuseLine(rowCount + 1 + HEADER_ROW, explainRow(text.subarray(at, end), columns));
    }
    rowCount++;
    at = startOfNextLine(text, end);
  }
  if (rowCount === 0) throw refuseLine(HEADER_ROW, 'the file ends after its header; wanted at least one row');
  return { values, rowCount, refuseRow: (row, reason) => refuseLine(row + 1 + HEADER_ROW, reason) };
}

type Line = { readonly from: number; readonly to: number };
type Place = { readonly values: Float64Array; readonly offset: number; readonly width: number };

/** Writes one line's values; false when the line is not `width` good fields. */
function readRow(text: Uint8Array, { from, to }: Line, { values, offset, width }: Place): boolean {
  let fieldFrom = from;
  for (let column = 0; column < width; column++) {
    let fieldTo = fieldFrom;
    while (fieldTo < to && text[fieldTo] !== COMMA) fieldTo++;
    if (fieldTo === to ? column < width - 1 : column === width - 1) return false;
    const value = column === 0 ? parseTimestamp(text, fieldFrom, fieldTo) : parseDecimal(text, fieldFrom, fieldTo);
    if (!Number.isFinite(value)) return false;
    values[offset + column] = value;
    fieldFrom = fieldTo + 1;
  }
  return true;
}

function widen(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(values.length * 2);
  wider.set(values);
  return wider;
}
