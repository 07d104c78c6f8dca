import fc from 'fast-check';
import { TIMEFRAMES } from '../../../src/engine/bar.ts';
import { COLUMN_NAMES } from '../../../src/engine/indicators/indicator-names.ts';
import { ARITHMETIC_OPERATORS, COMPARISON_OPERATORS, type ColumnValue, type Rule, type Value } from '../../../src/engine/rules/rule.ts';

/** Rules of every shape over the columns given. */
export function rulesOver(column: fc.Arbitrary<ColumnValue>): fc.Arbitrary<Rule> {
  const number = fc.oneof(
    fc.integer({ min: 0, max: 4 }),
    fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => Math.abs(value)),
  );
  const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      column,
      number.map((value) => ({ kind: 'number' as const, value })),
      fc.record({ kind: fc.constant('negate' as const), value: tie('value') }),
      fc.record({
        kind: fc.constant('arithmetic' as const),
        operator: fc.constantFrom(...ARITHMETIC_OPERATORS),
        left: tie('value'),
        right: tie('value'),
      }),
    ),
  }));
  const comparison = fc.record({
    kind: fc.constant('comparison' as const),
    operator: fc.constantFrom(...COMPARISON_OPERATORS),
    left: value,
    right: value,
  });
  const cross = fc.record({
    kind: fc.constant('cross' as const),
    direction: fc.constantFrom('above' as const, 'below' as const),
    left: value,
    right: value,
  });
  const { rule } = fc.letrec<{ rule: Rule }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      comparison,
      cross,
      fc.record({ kind: fc.constant('not' as const), rule: tie('rule') }),
      fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: tie('rule'), right: tie('rule') }),
    ),
  }));
  return rule;
}

export const anyColumn: fc.Arbitrary<ColumnValue> = fc.record({
  kind: fc.constant('column' as const),
  name: fc.constantFrom(...COLUMN_NAMES),
  timeframe: fc.constantFrom(null, ...TIMEFRAMES),
  barsBack: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 500 })),
});
