import { describe, expect, it } from 'vitest';
import { createRandom, hashText, hashWords, seedWords } from '../../src/market/random.ts';

describe('createRandom', () => {
  it('says the same on every machine', () => {
    const { uniform } = createRandom(42, 7);

    expect([uniform(), uniform(), uniform()].map((value) => value.toFixed(9))).toEqual(['0.705716057', '0.247872891', '0.879314149']);
  });

  it('starts another stream for another word or another order', () => {
    const firstOf = (...words: readonly number[]) => createRandom(...words).uniform();

    expect(new Set([firstOf(1, 2), firstOf(2, 1), firstOf(1, 3), firstOf(1), firstOf(1, 2, 0), firstOf(0), firstOf(0, 0)]).size).toBe(7);
  });

  it('draws uniforms without a preferred tenth', () => {
    const { uniform } = createRandom(1);
    const tenths = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw++) {
      const tenth = Math.floor(uniform() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }

    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it('draws normals and exponentials of their own mean, deviation and tails', () => {
    const random = createRandom(2);
    const normals = Float64Array.from({ length: 100_000 }, () => random.normal());
    const exponentials = Float64Array.from({ length: 100_000 }, () => random.exponential());
    const mean = (values: Float64Array, power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;

    expect(mean(normals, 1)).toBeCloseTo(0, 1);
    expect(mean(normals, 2)).toBeCloseTo(1, 1);
    expect(Math.abs(mean(normals, 4) - 3)).toBeLessThan(0.15);
    expect(mean(exponentials, 1)).toBeCloseTo(1, 1);
    expect(Math.min(...exponentials)).toBeGreaterThan(0);
  });
});

describe('hashing', () => {
  it('keeps both halves of a seed, and its sign', () => {
    expect(seedWords(42)).toEqual([42, 0]);
    expect(seedWords(2 ** 32 + 42)).toEqual([42, 1]);
    expect(seedWords(-1)).toEqual([4_294_967_295, 4_294_967_295]);
  });

  it('tells words and texts apart', () => {
    const hashes = Array.from({ length: 1_000 }, (_, index) => hashWords([index, 0]));

    expect(new Set([...hashes, ...hashes.map((_, index) => hashWords([0, index + 1]))]).size).toBe(2_000);
    expect(hashText('BTC')).not.toBe(hashText('CTB'));
  });
});
