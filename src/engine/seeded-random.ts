const TWO_TO_32 = 4_294_967_296;

/** Numbers from 0 up to 1 that the seed decides, the same on every machine: a counter whose bits are mixed. */
export function seededRandom(seed: number): () => number {
  let counter = seed >>> 0;
  return () => {
    counter = (counter + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(counter ^ (counter >>> 16), 0x7feb352d);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / TWO_TO_32;
  };
}
