import type { ColumnValue, Rule, Value } from './rule.ts';

/** How tightly a piece binds; a looser piece inside a tighter one needs parentheses. */
const BINDING = { or: 1, and: 2, not: 3, comparison: 4, sum: 5, product: 6, negate: 7, atom: 8 } as const;

type Piece = { readonly text: string; readonly binding: number };

/** The rule as canonical text: the fewest parentheses, one space around binary operators. Parsing it gives the rule back. */
export function formatRule(rule: Rule): string {
  return rulePiece(rule).text;
}

export function formatValue(value: Value): string {
  return valuePiece(value).text;
}

function rulePiece(rule: Rule): Piece {
  switch (rule.kind) {
    case 'and':
    case 'or': {
      const binding = BINDING[rule.kind];
      return { text: `${wrap(rulePiece(rule.left), binding)} ${rule.kind} ${wrap(rulePiece(rule.right), binding + 1)}`, binding };
    }
    case 'not':
      return { text: `not ${wrap(rulePiece(rule.rule), BINDING.not)}`, binding: BINDING.not };
    case 'comparison':
      return { text: `${formatValue(rule.left)} ${rule.operator} ${formatValue(rule.right)}`, binding: BINDING.comparison };
    case 'cross':
      return { text: `${formatValue(rule.left)} crosses_${rule.direction} ${formatValue(rule.right)}`, binding: BINDING.comparison };
  }
}

function valuePiece(value: Value): Piece {
  switch (value.kind) {
    case 'number':
      return { text: String(value.value), binding: BINDING.atom };
    case 'column':
      return { text: formatColumn(value), binding: BINDING.atom };
    case 'negate':
      // Never two minus signs in a row, though the parser would take them.
      return { text: `-${wrap(valuePiece(value.value), BINDING.atom)}`, binding: BINDING.negate };
    case 'arithmetic': {
      const binding = value.operator === '+' || value.operator === '-' ? BINDING.sum : BINDING.product;
      return { text: `${wrap(valuePiece(value.left), binding)} ${value.operator} ${wrap(valuePiece(value.right), binding + 1)}`, binding };
    }
  }
}

function formatColumn({ name, timeframe, barsBack }: ColumnValue): string {
  return `${name}${timeframe === null ? '' : `@${timeframe}`}${barsBack === 0 ? '' : `[${barsBack}]`}`;
}

function wrap({ text, binding }: Piece, atLeast: number): string {
  return binding < atLeast ? `(${text})` : text;
}
