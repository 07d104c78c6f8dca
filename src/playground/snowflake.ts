const DISCORD_EPOCH_MS = 1_420_070_400_000;

/** Ids as Discord makes them: the time in the upper bits, always rising, so that sorting by id sorts by age. */
export function createSnowflakes(clock: () => number): () => string {
  // Clients expect 17 digits at least, also when a test's clock begins at zero.
  let last = 1n << 57n;
  return () => {
    const sinceEpochMs = Math.max(0, Math.floor(clock()) - DISCORD_EPOCH_MS);
    const candidate = BigInt(sinceEpochMs) << 22n;
    last = candidate > last ? candidate : last + 1n;
    return String(last);
  };
}

export function isOlder(id: string, than: string): boolean {
  return BigInt(id) < BigInt(than);
}

/** Query parameters carry ids as text that may be anything. */
export function isSnowflake(value: string): boolean {
  return /^\d{15,20}$/.test(value);
}
