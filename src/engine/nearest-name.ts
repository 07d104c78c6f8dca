/** The known name that takes the fewest single-letter changes to reach; for "did you mean". */
export function nearestName(seen: string, known: readonly string[]): string {
  let nearest = '';
  let fewestEdits = Number.POSITIVE_INFINITY;
  for (const name of known) {
    const edits = editDistance(seen.toLowerCase(), name.toLowerCase());
    if (edits < fewestEdits) {
      nearest = name;
      fewestEdits = edits;
    }
  }
  return nearest;
}

/** Levenshtein's distance, one row at a time. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replace = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, replace));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
