/** Marked equity, bar by bar: index i of both columns is the same close. */
export type EquityCurve = {
  /** Open time of the base bar; ms UTC. */
  readonly timesMs: Float64Array;
  /** Marked at that bar's close; quote currency. */
  readonly values: Float64Array;
};

/** The same as rows, for JSON. */
export function equityPairs({ timesMs, values }: EquityCurve): readonly (readonly [openTimeMs: number, equity: number])[] {
  return Array.from(timesMs, (timeMs, index) => [timeMs, values[index] as number] as const);
}

export function equityFromPairs(pairs: readonly (readonly [openTimeMs: number, equity: number])[]): EquityCurve {
  return { timesMs: Float64Array.from(pairs, ([timeMs]) => timeMs), values: Float64Array.from(pairs, ([, value]) => value) };
}
