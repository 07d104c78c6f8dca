const ZERO = 0x30;

/** 1973 to 5138: inside, a number can only be milliseconds; seconds and microseconds of our time lie outside. */
export const OLDEST_MS = 1e11;
export const NEWEST_MS = 1e14;

/** The whole milliseconds written in bytes[from, to); NaN when they are not plain digits or not a time in milliseconds. */
export function parseTimestamp(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > 14) return Number.NaN;
  let timeMs = 0;
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    timeMs = timeMs * 10 + digit;
  }
  return timeMs >= OLDEST_MS && timeMs < NEWEST_MS ? timeMs : Number.NaN;
}
