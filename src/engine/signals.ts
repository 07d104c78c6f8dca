/** Whether something holds, per base bar. */
export type Signals = {
  readonly at: (bar: number) => boolean;
  /** The first bar from `from` on at which it holds; `until` when there is none before that. */
  readonly next: (from: number, until: number) => number;
};

/** Writes whether it holds (1) or not (0) for the bars from index `from` up to and without `to`: that of `from` at index 0. */
export type FillSignals = (values: Uint8Array, from: number, to: number) => void;

const BLOCK_SHIFT = 10;
const BLOCK_BARS = 1 << BLOCK_SHIFT;

/**
 * Signals found block by block when a bar of the block is first asked for: runs that share the column share the answers,
 * and a plan that is in force for a day costs a day. What is kept for each bar is the next one of its block at which it holds, so that
 * the bars between are passed at once.
 */
export function lazySignals(fill: FillSignals, barCount: number): Signals {
  const nextInBlock = new Int32Array(barCount);
  const isReady = new Uint8Array((barCount >> BLOCK_SHIFT) + 1);
  const values = new Uint8Array(BLOCK_BARS);
  return {
    at: (bar) => {
      if (isReady[bar >> BLOCK_SHIFT] === 0) prepare(bar >> BLOCK_SHIFT);
      return nextInBlock[bar] === bar;
    },
    next: (from, until) => {
      for (let bar = from; bar < until; ) {
        const block = bar >> BLOCK_SHIFT;
        if (isReady[block] === 0) prepare(block);
        const found = nextInBlock[bar] as number;
        if (found < (block + 1) << BLOCK_SHIFT) return Math.min(found, until);
        bar = found;
      }
      return until;
    },
  };

  function prepare(block: number): void {
    const start = block << BLOCK_SHIFT;
    const end = Math.min(start + BLOCK_BARS, barCount);
    fill(values, start, end);
    let found = start + BLOCK_BARS;
    for (let bar = end - 1; bar >= start; bar--) {
      if (values[bar - start] === 1) found = bar;
      nextInBlock[bar] = found;
    }
    isReady[block] = 1;
  }
}

/** Signals that are asked now and then: each answer is found anew. */
export function freshSignals(fill: FillSignals): Signals {
  const value = new Uint8Array(1);
  const at = (bar: number): boolean => {
    fill(value, bar, bar + 1);
    return value[0] === 1;
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
    values.fill(0, 0, to - from);
    for (const { next } of signals) for (let bar = next(from, to); bar < to; bar = next(bar + 1, to)) values[bar - from] = 1;
  };
}
