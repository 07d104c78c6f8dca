/** Discord shows these in the reader's own time zone. */
export function discordTime(timeMs: number): string {
  return `<t:${Math.floor(timeMs / 1_000)}:f>`;
}

/** Inside a code block, where Discord turns nothing into a time: `10-05 14:05`, UTC. */
export function shortTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(5, 16).replace('T', ' ');
}

/** `2025-10-05`, UTC. */
export function dayText(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
