import { describe, expect, it } from 'vitest';
import { DEFAULT_MODEL, factsOf, MODELS, mayHaveSeen, priceOf } from '../../src/strategist/model-prices.ts';

const USAGE = { input: 1_000_000, cached_input: 400_000, output: 100_000, reasoning: 50_000 };

describe('what a model costs', () => {
  it('counts cached input at its own price and thinking as output', () => {
    expect(priceOf(USAGE, 'gpt-6.1-terra')).toBeCloseTo(0.6 * 1 + 0.4 * 0.05 + 0.1 * 5, 12);
  });

  it('is known by the name of a dated snapshot too, and not known of others', () => {
    expect(priceOf(USAGE, 'gpt-6.1-sol-2026-09-29')).toBe(priceOf(USAGE, 'gpt-6.1-sol'));
    expect(priceOf(USAGE, 'gpt-6.1-sol-preview')).toBeNull();
    expect(factsOf(DEFAULT_MODEL)).not.toBeNull();
  });

  it('is never below nothing, and cached input never dearer than fresh', () => {
    for (const { inputUsd, cachedInputUsd, outputUsd } of MODELS)
      expect([cachedInputUsd > 0, cachedInputUsd <= inputUsd, outputUsd > 0]).toEqual([true, true, true]);
  });
});

describe('what a model may have read', () => {
  it('is what lies before the end of its knowledge; of an unknown model, anything', () => {
    expect(mayHaveSeen('gpt-5-mini', Date.UTC(2024, 0, 1))).toBe(true);
    expect(mayHaveSeen('gpt-5-mini', Date.UTC(2025, 0, 1))).toBe(false);
    expect(mayHaveSeen('gpt-5-mini', Date.UTC(2024, 4, 31, 23, 59)), 'its last day').toBe(true);
    expect(mayHaveSeen('gpt-5-mini', Date.UTC(2024, 5, 1)), 'the day after').toBe(false);
    expect(mayHaveSeen('some-model', Date.UTC(2030, 0, 1))).toBe(true);
  });
});
