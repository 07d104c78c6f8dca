import type { Rule, Value } from '../../../src/engine/rules/rule.ts';
import type { RuleFrame } from '../../../src/engine/rules/rule-frame.ts';

/** The meaning of a rule, written down as plainly as it is said: null is a value or a truth not known. */
export function interpretRule(rule: Rule, frame: RuleFrame, index: number): boolean | null {
  switch (rule.kind) {
    case 'not': {
      const inner = interpretRule(rule.rule, frame, index);
      return inner === null ? null : !inner;
    }
    case 'and':
      return and(interpretRule(rule.left, frame, index), interpretRule(rule.right, frame, index));
    case 'or': {
      const sides = [interpretRule(rule.left, frame, index), interpretRule(rule.right, frame, index)];
      if (sides.includes(true)) return true;
      return sides.includes(null) ? null : false;
    }
    case 'comparison':
      return compare(rule.operator, interpretValue(rule.left, frame, index), interpretValue(rule.right, frame, index));
    case 'cross': {
      if (index === 0) return null;
      const [before, now] = rule.direction === 'above' ? (['<=', '>'] as const) : (['>=', '<'] as const);
      const at = (bar: number) => [interpretValue(rule.left, frame, bar), interpretValue(rule.right, frame, bar)] as const;
      return and(compare(before, ...at(index - 1)), compare(now, ...at(index)));
    }
  }
}

function and(left: boolean | null, right: boolean | null): boolean | null {
  if (left === false || right === false) return false;
  return left === null || right === null ? null : true;
}

function compare(operator: string, left: number | null, right: number | null): boolean | null {
  if (left === null || right === null) return null;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  if (operator === '>') return left > right;
  if (operator === '>=') return left >= right;
  return operator === '==' ? left === right : left !== right;
}

function interpretValue(value: Value, frame: RuleFrame, index: number): number | null {
  switch (value.kind) {
    case 'number':
      return value.value;
    case 'column': {
      const timeframe = value.timeframe ?? frame.timeframe;
      const visible = timeframe === frame.timeframe ? index : (frame.higherIndex(timeframe)?.[index] ?? -1);
      const at = visible - value.barsBack;
      return at < 0 ? null : known(frame.column(value.name, timeframe)[at]);
    }
    case 'negate': {
      const inner = interpretValue(value.value, frame, index);
      return inner === null ? null : -inner;
    }
    case 'arithmetic': {
      const left = interpretValue(value.left, frame, index);
      const right = interpretValue(value.right, frame, index);
      if (left === null || right === null) return null;
      if (value.operator === '+') return left + right;
      if (value.operator === '-') return left - right;
      if (value.operator === '*') return left * right;
      return right === 0 ? null : known(left / right);
    }
  }
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
