/** Half-open: from fromMs up to and without toMs. */
export type TimeRange = { readonly fromMs: number; readonly toMs: number };

/** What of a range has not been fetched yet, oldest first. Holes of the exchange's own lie inside fetched ranges and do not come back. */
export function missingRanges(fetched: readonly TimeRange[], { fromMs, toMs }: TimeRange): TimeRange[] {
  const missing: TimeRange[] = [];
  let openMs = fromMs;
  for (const range of joinRanges(fetched)) {
    if (range.fromMs >= toMs) break;
    if (range.fromMs > openMs) missing.push({ fromMs: openMs, toMs: range.fromMs });
    openMs = Math.max(openMs, range.toMs);
  }
  return openMs < toMs ? [...missing, { fromMs: openMs, toMs }] : missing;
}

/** The same times in the fewest ranges, oldest first. */
export function joinRanges(ranges: readonly TimeRange[]): TimeRange[] {
  const joined: TimeRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (range.toMs <= range.fromMs) continue;
    const last = joined.at(-1);
    if (last === undefined || range.fromMs > last.toMs) joined.push(range);
    else joined[joined.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, range.toMs) };
  }
  return joined;
}
