/** Whether something holds, per base bar. */
export type Signals = {
  readonly at: (bar: number) => boolean;
  /** The first bar from `from` on at which it holds; `until` when there is none before that. */
  readonly next: (from: number, until: number) => number;
};

/** Writes whether it holds (1) or not (anything else) for the bars from index `from` up to and without `to`: that of `from` at index 0. */
export type FillSignals = (values: Uint8Array, from: number, to: number) => void;

const BLOCK_SHIFT = 10;
const BLOCK_BARS = 1 << BLOCK_SHIFT;
const WORD_SHIFT = 5;
const WORD_BARS = 1 << WORD_SHIFT;

/**
 * Signals found block by block when a bar of the block is first asked for: runs that share the column share the answers,
 * and a plan that is in force for a day costs a day. An answer is kept as one bit, so that 32 bars at which nothing holds are passed at once.
 */
export function lazySignals(fill: FillSignals, barCount: number): Signals {
  const words = new Int32Array((barCount >> WORD_SHIFT) + 1);
  const isReady = new Uint8Array((barCount >> BLOCK_SHIFT) + 1);
  const values = new Uint8Array(BLOCK_BARS);
  return {
    at: (bar) => {
      if (isReady[bar >> BLOCK_SHIFT] === 0) prepare(bar >> BLOCK_SHIFT);
      return (((words[bar >> WORD_SHIFT] as number) >> (bar & (WORD_BARS - 1))) & 1) === 1;
    },
    next: (from, until) => {
      for (let bar = from; bar < until; bar = ((bar >> WORD_SHIFT) + 1) << WORD_SHIFT) {
        if (isReady[bar >> BLOCK_SHIFT] === 0) prepare(bar >> BLOCK_SHIFT);
        const holding = (words[bar >> WORD_SHIFT] as number) >>> (bar & (WORD_BARS - 1));
        if (holding !== 0) return Math.min(bar + lowestBit(holding), until);
      }
      return until;
    },
  };

  function prepare(block: number): void {
    const start = block << BLOCK_SHIFT;
    const end = Math.min(start + BLOCK_BARS, barCount);
    fill(values, start, end);
    packBits(values, end - start, words, start >> WORD_SHIFT);
    isReady[block] = 1;
  }
}

/** Sets a bit for each of the first `count` values that is 1, from the word of index `first` on. */
function packBits(values: Uint8Array, count: number, words: Int32Array, first: number): void {
  for (let at = 0; at < count; at++) {
    if (values[at] !== 1) continue;
    const word = first + (at >> WORD_SHIFT);
    words[word] = (words[word] as number) | (1 << (at & (WORD_BARS - 1)));
  }
}

/** The number of the lowest bit that is set. */
function lowestBit(word: number): number {
  return WORD_BARS - 1 - Math.clz32(word & -word);
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
