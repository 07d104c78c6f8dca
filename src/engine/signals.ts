/** Whether something holds, per base bar. */
export type Signals = {
  readonly at: (bar: number) => boolean;
  /** The first bar from `from` on at which it holds; `until` when there is none before that. */
  readonly next: (from: number, until: number) => number;
};

/** Writes 1 where it holds and 0 where not, for the bars from index `from` up to and without `to`. */
export type FillSignals = (values: Uint8Array, from: number, to: number) => void;

const BLOCK_SHIFT = 10;

/**
 * Signals found block by block when a bar of the block is first asked for: runs that share the column share the answers,
 * and a plan that is in force for a day costs a day.
 */
export function lazySignals(fill: FillSignals, barCount: number): Signals {
  const values = new Uint8Array(barCount);
  const isReady = new Uint8Array((barCount >> BLOCK_SHIFT) + 1);
  return {
    at: (bar) => {
      const block = bar >> BLOCK_SHIFT;
      if (isReady[block] === 0) prepare(block);
      return values[bar] === 1;
    },
    next: (from, until) => {
      for (let block = from >> BLOCK_SHIFT; block << BLOCK_SHIFT < until; block++) {
        if (isReady[block] === 0) prepare(block);
        const end = Math.min((block + 1) << BLOCK_SHIFT, until);
        for (let bar = Math.max(from, block << BLOCK_SHIFT); bar < end; bar++) if (values[bar] === 1) return bar;
      }
      return until;
    },
  };

  function prepare(block: number): void {
    fill(values, block << BLOCK_SHIFT, Math.min((block + 1) << BLOCK_SHIFT, barCount));
    isReady[block] = 1;
  }
}

/** Signals that are asked now and then: each answer is found anew. */
export function freshSignals(fill: FillSignals, barCount: number): Signals {
  const values = new Uint8Array(barCount);
  const at = (bar: number): boolean => {
    fill(values, bar, bar + 1);
    return values[bar] === 1;
  };
  return {
    at,
    next: (from, until) => {
      let bar = from;
      while (bar < until && !at(bar)) bar++;
      return bar;
    },
  };
}

/** Any of several signals. */
export function anySignals(signals: readonly Signals[]): FillSignals {
  return (values, from, to) => {
    values.fill(0, from, to);
    for (const { next } of signals) for (let bar = next(from, to); bar < to; bar = next(bar + 1, to)) values[bar] = 1;
  };
}
