import type { Condition } from './rules/compile-rule.ts';
import type { FillSignals } from './signals.ts';

/**
 * The answers of a rule at base closes: it is asked only when a new bar of its timeframe became visible, on that bar.
 * `visible` null is the base timeframe, where every close brings a new bar.
 */
export function fillFromRule(condition: Condition, visible: Int32Array | null): FillSignals {
  if (visible === null) {
    return (values, from, to) => {
      for (let bar = from; bar < to; bar++) values[bar - from] = condition(bar) === 1 ? 1 : 0;
    };
  }
  return (values, from, to) => {
    let before = from === 0 ? -1 : (visible[from - 1] as number);
    for (let bar = from; bar < to; bar++) {
      const seen = visible[bar] as number;
      values[bar - from] = seen !== before && condition(seen) === 1 ? 1 : 0;
      before = seen;
    }
  };
}
