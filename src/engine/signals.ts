/**
 * Whether a rule holds, per base bar, found block by block when a bar of the block is first asked for: runs that share the
 * column share the answers, and a plan that is in force for a day costs a day.
 */
export type Signals = { readonly at: (bar: number) => boolean };

const BLOCK_SHIFT = 10;

export function lazySignals(holds: (bar: number) => boolean, barCount: number): Signals {
  const values = new Uint8Array(barCount);
  const isReady = new Uint8Array((barCount >> BLOCK_SHIFT) + 1);
  return {
    at: (bar) => {
      const block = bar >> BLOCK_SHIFT;
      if (isReady[block] === 0) prepare(block);
      return values[bar] === 1;
    },
  };

  function prepare(block: number): void {
    const end = Math.min((block + 1) << BLOCK_SHIFT, barCount);
    for (let bar = block << BLOCK_SHIFT; bar < end; bar++) values[bar] = holds(bar) ? 1 : 0;
    isReady[block] = 1;
  }
}
