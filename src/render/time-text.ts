/** Discord shows these in the reader's own time zone. */
export function discordTime(timeMs: number): string {
  return `<t:${Math.floor(timeMs / 1_000)}:f>`;
}
