import type { Answering } from './rules/compile-rule.ts';
import { FALSE } from './rules/tri.ts';
import type { FillSignals } from './signals.ts';

/**
 * The answers of a rule at base closes: it is asked only when a new bar of its timeframe became visible, on that bar.
 * `visible` null is the base timeframe, where every close brings a new bar.
 */
export function fillFromRule(answering: Answering, visible: Int32Array | null): FillSignals {
  if (visible === null) return answering;
  let own = new Uint8Array(1);
  return (values, from, to) => {
    let before = from === 0 ? -1 : (visible[from - 1] as number);
    const first = before + 1;
    const count = (visible[to - 1] as number) - before;
    if (own.length < count) own = new Uint8Array(count);
    if (count > 0) answering(own, first, first + count);
    for (let bar = from; bar < to; bar++) {
      const seen = visible[bar] as number;
      values[bar - from] = seen === before ? FALSE : (own[seen - first] as number);
      before = seen;
    }
  };
}
