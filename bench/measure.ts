/** A figure with what it is held against, both measured in the same run. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is compared with; null when it stands alone. */
  readonly reference: string | null;
  readonly ratio: number | null;
};

/** The best of several runs after warming up, in ms: the one that other processes disturbed least. */
export function bestMs(runs: number, work: () => unknown): number {
  work();
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const startMs = performance.now();
    work();
    best = Math.min(best, performance.now() - startMs);
  }
  return best;
}
