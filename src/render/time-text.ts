/** Discord shows these in the reader's own time zone. */
export function discordTime(timeMs: number): string {
  return `<t:${Math.floor(timeMs / 1_000)}:f>`;
}

/** `2 hours ago`, by the reader's own clock. */
export function relativeTime(timeMs: number): string {
  return `<t:${Math.floor(timeMs / 1_000)}:R>`;
}

/** Inside a code block, where Discord turns nothing into a time: `10-05 14:05` in a time zone, which must be said beside it. */
export function shortTime(timeMs: number, timeZone = 'UTC'): string {
  // Swedish dates are written as ISO 8601 has them.
  return new Date(timeMs).toLocaleString('sv-SE', { timeZone }).slice(5, 16);
}

/** `2025-10-05`, UTC. */
export function dayText(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
