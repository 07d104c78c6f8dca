import type { Timeframe } from '../bar.ts';
import type { ColumnName } from '../indicators/indicator-names.ts';

export const ARITHMETIC_OPERATORS = ['+', '-', '*', '/'] as const;
export const COMPARISON_OPERATORS = ['<', '<=', '>', '>=', '==', '!='] as const;

export type ArithmeticOperator = (typeof ARITHMETIC_OPERATORS)[number];
export type ComparisonOperator = (typeof COMPARISON_OPERATORS)[number];

/** A column so many of its own bars back; timeframe null means that of the rule's trigger. */
export type ColumnValue = {
  readonly kind: 'column';
  readonly name: ColumnName;
  readonly timeframe: Timeframe | null;
  readonly barsBack: number;
};

/** The part of a rule that is a number. */
export type Value =
  | { readonly kind: 'number'; readonly value: number }
  | ColumnValue
  | { readonly kind: 'negate'; readonly value: Value }
  | { readonly kind: 'arithmetic'; readonly operator: ArithmeticOperator; readonly left: Value; readonly right: Value };

/** A parsed rule: a condition, made of conditions and, innermost, of comparisons between numbers. */
export type Rule =
  | { readonly kind: 'comparison'; readonly operator: ComparisonOperator; readonly left: Value; readonly right: Value }
  | { readonly kind: 'cross'; readonly direction: 'above' | 'below'; readonly left: Value; readonly right: Value }
  | { readonly kind: 'not'; readonly rule: Rule }
  | { readonly kind: 'and' | 'or'; readonly left: Rule; readonly right: Rule };

/** The columns inside a value, from left to right. */
export function columnsOfValue(value: Value): readonly ColumnValue[] {
  switch (value.kind) {
    case 'number':
      return [];
    case 'column':
      return [value];
    case 'negate':
      return columnsOfValue(value.value);
    case 'arithmetic':
      return [...columnsOfValue(value.left), ...columnsOfValue(value.right)];
  }
}
