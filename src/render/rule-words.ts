import { parseRule } from '../engine/rules/parse-rule.ts';
import type { ComparisonOperator, Rule, Value } from '../engine/rules/rule.ts';

const OPERATOR_WORDS: Readonly<Record<ComparisonOperator, string>> = {
  '<': 'below',
  '<=': 'at most',
  '>': 'above',
  '>=': 'at least',
  '==': 'equal to',
  '!=': 'not equal to',
};

/** The conditions that must all hold, each as people say it: `rsi[1] < 50` is "rsi (1 bar ago) below 50". */
export function ruleWords(text: string): readonly string[] {
  return conditionsOf(parseRule(text)).map((rule) => words(rule));
}

function conditionsOf(rule: Rule): readonly Rule[] {
  return rule.kind === 'and' ? [...conditionsOf(rule.left), ...conditionsOf(rule.right)] : [rule];
}

function words(rule: Rule): string {
  switch (rule.kind) {
    case 'comparison':
      return `${valueWords(rule.left)} ${OPERATOR_WORDS[rule.operator]} ${valueWords(rule.right)}`;
    case 'cross':
      return `${valueWords(rule.left)} crosses ${rule.direction} ${valueWords(rule.right)}`;
    case 'not':
      return `not (${words(rule.rule)})`;
    case 'and':
      return `${words(rule.left)} and ${words(rule.right)}`;
    case 'or':
      return `${inOr(rule.left)} or ${inOr(rule.right)}`;
  }
}

function inOr(rule: Rule): string {
  return rule.kind === 'and' ? `(${words(rule)})` : words(rule);
}

const SIGNS = { '+': '+', '-': '−', '*': '×', '/': '/' } as const;

function valueWords(value: Value): string {
  switch (value.kind) {
    case 'number':
      return String(value.value).replace('-', '−');
    case 'column': {
      const ago = `${value.barsBack} ${value.barsBack === 1 ? 'bar' : 'bars'} ago`;
      const told = [...(value.timeframe === null ? [] : [value.timeframe]), ...(value.barsBack === 0 ? [] : [ago])];
      return told.length === 0 ? value.name : `${value.name} (${told.join(', ')})`;
    }
    case 'negate':
      return `−${inProduct(value.value)}`;
    case 'arithmetic': {
      const part = value.operator === '*' || value.operator === '/' ? inProduct : valueWords;
      const right = value.operator === '+' ? valueWords(value.right) : inProduct(value.right);
      return `${part(value.left)} ${SIGNS[value.operator]} ${right}`;
    }
  }
}

function inProduct(value: Value): string {
  return value.kind === 'arithmetic' ? `(${valueWords(value)})` : valueWords(value);
}
