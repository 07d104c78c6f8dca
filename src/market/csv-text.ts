import { gunzipSync } from 'node:zlib';
import { Refusal } from '../engine/refusal.ts';

/** Largest file we read, uncompressed: 256 MiB, several million bars. */
export const MAX_CSV_BYTES = 256 * 1024 * 1024;

const SHOWN_CHARACTERS = 80;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The plain text of a file that may be gzip, whatever its name says, without a byte order mark. */
export function readCsvText(bytes: Uint8Array, fileName: string): Uint8Array {
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) {
    throw new Refusal(`${fileName} is a zip archive. Wanted CSV text, plain or gzip: unpack it and give the file inside.`);
  }
  const text = startsWith(bytes, [0x1f, 0x8b]) ? gunzip(bytes, fileName) : bytes;
  if (text.byteLength > MAX_CSV_BYTES) throw tooLarge(fileName);
  if (startsWith(text, [0xff, 0xfe]) || startsWith(text, [0xfe, 0xff])) {
    throw new Refusal(`${fileName} is UTF-16 text. Wanted plain ASCII or UTF-8: save it as CSV UTF-8 and give it again.`);
  }
  return startsWith(text, [0xef, 0xbb, 0xbf]) ? text.subarray(3) : text;
}

function gunzip(bytes: Uint8Array, fileName: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_CSV_BYTES });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(fileName);
    const seen = cause instanceof Error ? cause.message : String(cause);
    throw new Refusal(`${fileName} is a damaged gzip file (${seen}). Download or compress it again, or give the plain CSV.`, { cause });
  }
}

function tooLarge(fileName: string): Refusal {
  return new Refusal(
    `${fileName} is larger than ${MAX_CSV_BYTES / 1024 / 1024} MiB uncompressed, the most we read. Split it by date and give the parts.`,
  );
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

/** A line as people may be shown it: shortened, and without anything that is not printable. */
export function showLine(text: Uint8Array, lineNumber: number): string {
  const { from, to } = findLine(text, lineNumber);
  const shown = new TextDecoder().decode(text.subarray(from, Math.min(to, from + 4 * SHOWN_CHARACTERS))).replace(/\p{C}/gu, '?');
  const characters = [...shown];
  return characters.length > SHOWN_CHARACTERS ? `${characters.slice(0, SHOWN_CHARACTERS).join('')}…` : shown;
}

function findLine(text: Uint8Array, lineNumber: number): { from: number; to: number } {
  let from = 0;
  for (let line = 1; line < lineNumber; line++) from = text.indexOf(LINE_FEED, from) + 1;
  return { from, to: endOfLine(text, from) };
}

/** Index of the line's end: of its CR LF or LF, or the end of the text. */
export function endOfLine(text: Uint8Array, from: number): number {
  const lineFeed = text.indexOf(LINE_FEED, from);
  if (lineFeed === -1) return text.length;
  return lineFeed > from && text[lineFeed - 1] === CARRIAGE_RETURN ? lineFeed - 1 : lineFeed;
}

/** Index of the first character after the line that ends there. */
export function startOfNextLine(text: Uint8Array, lineEnd: number): number {
  return lineEnd + (text[lineEnd] === CARRIAGE_RETURN ? 2 : 1);
}
