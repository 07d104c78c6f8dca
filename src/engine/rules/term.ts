import { Refusal } from '../refusal.ts';
import { formatRule, formatValue } from './format-rule.ts';
import { ARITHMETIC_OPERATORS, COMPARISON_OPERATORS, type Rule, type Value } from './rule.ts';

/** A piece of a rule while it is read: a number or a condition, where it starts, and whether it is a bare comparison. */
export type Term = { readonly start: number; readonly chainable: boolean } & (
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'condition'; readonly rule: Rule }
);

const MAX_QUOTED_LENGTH = 120;

type Side<Kind extends Rule['kind']> = Extract<Rule, { readonly kind: Kind }>;

/** Joins two terms by a binary operator, or says which of them is of the wrong kind for it. */
export function joinTerms(operator: string, left: Term, right: Term): Term {
  const { start } = left;
  if (operator === 'and' || operator === 'or') {
    const rule: Rule = { kind: operator, left: wantRule(left, operator), right: wantRule(right, operator) };
    return { kind: 'condition', start, chainable: false, rule };
  }

  const arithmetic = ARITHMETIC_OPERATORS.find((known) => known === operator);
  if (arithmetic !== undefined) {
    const value: Value = { kind: 'arithmetic', operator: arithmetic, left: wantValue(left, operator), right: wantValue(right, operator) };
    return { kind: 'value', start, chainable: false, value };
  }

  const split = suggestSplit(operator, left, right);
  if (split !== null) throw refuseAt(right.start, `comparisons cannot be chained; write ${quote(split)}`);

  const sides = { left: wantValue(left, operator), right: wantValue(right, operator) };
  const comparison = COMPARISON_OPERATORS.find((known) => known === operator);
  const rule: Rule =
    comparison === undefined
      ? { kind: 'cross', direction: operator === 'crosses_above' ? 'above' : 'below', ...sides }
      : { kind: 'comparison', operator: comparison, ...sides };
  return { kind: 'condition', start, chainable: true, rule };
}

export function negateTerm(term: Term, start: number): Term {
  return { kind: 'value', start, chainable: false, value: { kind: 'negate', value: wantValue(term, '-') } };
}

export function notTerm(term: Term, start: number): Term {
  return { kind: 'condition', start, chainable: false, rule: { kind: 'not', rule: wantRule(term, 'not') } };
}

export function refuseAt(index: number, message: string): Refusal {
  return new Refusal(`column ${index + 1}: ${message}`);
}

/** Text as it is quoted in a message: hostile input must not fill it. */
export function quote(text: string): string {
  return text.length <= MAX_QUOTED_LENGTH ? text : `${text.slice(0, MAX_QUOTED_LENGTH)}…`;
}

function wantRule(term: Term, operator: string): Rule {
  if (term.kind === 'condition') return term.rule;
  const seen = quote(formatValue(term.value));
  throw refuseAt(term.start, `"${operator}" wants conditions, and ${seen} is a number; compare it, as in ${seen} > 0`);
}

function wantValue(term: Term, operator: string): Value {
  if (term.kind === 'value') return term.value;
  throw refuseAt(
    term.start,
    `"${operator}" wants numbers, and ${quote(formatRule(term.rule))} is a condition; join conditions with and, or, not`,
  );
}

/** What to write instead where a comparison is compared again, as in 1 < rsi < 30; null where it is not. */
function suggestSplit(operator: string, left: Term, right: Term): string | null {
  const first = asComparison(left);
  if (first !== null && right.kind === 'value') {
    return `${formatRule(first)} and ${formatValue(first.right)} ${operator} ${formatValue(right.value)}`;
  }
  const second = asComparison(right);
  if (second !== null && left.kind === 'value') {
    return `${formatValue(left.value)} ${operator} ${formatValue(second.left)} and ${formatRule(second)}`;
  }
  return null;
}

function asComparison(term: Term): Side<'comparison' | 'cross'> | null {
  if (!term.chainable || term.kind !== 'condition') return null;
  return term.rule.kind === 'comparison' || term.rule.kind === 'cross' ? term.rule : null;
}
