/** A time as people write it, to the minute, UTC. */
export function isoMinute(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 16);
}
