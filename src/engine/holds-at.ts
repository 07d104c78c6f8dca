import type { Condition } from './rules/compile-rule.ts';

/**
 * The answer of a rule at a base close: asked only when a new bar of its timeframe became visible, on that bar.
 * `visible` null is the base timeframe, where every close brings a new bar.
 */
export function holdsAt(condition: Condition, visible: Int32Array | null, barIndex: number): boolean {
  if (visible === null) return condition(barIndex) === 1;
  const seen = visible[barIndex] as number;
  const seenBefore = barIndex === 0 ? -1 : (visible[barIndex - 1] as number);
  return seen !== seenBefore && condition(seen) === 1;
}
