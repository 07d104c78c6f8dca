/** A stream of numbers decided by the words it was made from: the same on any machine, and on any day. */
export type Random = {
  /** Between 0 and 1, never either. */
  readonly uniform: () => number;
  /** Mean 0, deviation 1. */
  readonly normal: () => number;
  /** Mean 1, above 0. */
  readonly exponential: () => number;
};

const TWO_TO_32 = 4_294_967_296;

export function createRandom(...words: readonly number[]): Random {
  const seed = hashWords(words);
  let a = mix(seed + 0x9e3779b9);
  let b = mix(a ^ 0x243f6a88);
  let c = mix(b ^ 0x85a308d3);
  // One bit is forced, since a state of zeros would stay there.
  let d = mix(c ^ 0x13198a2e) | 1;

  // An xorshift over 128 bits of state; the multiplication hides its linearity.
  const next = (): number => {
    const turned = d ^ (d << 11);
    d = c;
    c = b;
    b = a;
    a = a ^ (a >>> 19) ^ turned ^ (turned >>> 8);
    return mix(a + Math.imul(b, 0x2545f491));
  };
  const uniform = (): number => (next() + 0.5) / TWO_TO_32;

  let spare: number | null = null;
  // The polar method needs no sine: square roots are exact everywhere, and V8 brings its own logarithm to every platform.
  const normal = (): number => {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  };
  return { uniform, normal, exponential: () => -Math.log(uniform()) };
}

/** One 32-bit word from several; every bit of every word matters, and so does their order. */
export function hashWords(words: readonly number[]): number {
  let hash = 0x6a09e667;
  for (const word of words) hash = mix(Math.imul(hash, 0x9e3779b1) ^ mix(word));
  return hash;
}

export function hashText(text: string): number {
  return hashWords([...text].map((character) => character.codePointAt(0) ?? 0));
}

/** The two 32-bit halves of a whole number, so that no part of a seed is lost. */
export function seedWords(seed: number): readonly [low: number, high: number] {
  return [seed >>> 0, Math.floor(seed / TWO_TO_32) >>> 0];
}

function mix(word: number): number {
  let mixed = word | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
