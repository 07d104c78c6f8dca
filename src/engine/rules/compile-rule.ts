import { areAll, joinBoth, joinEither, keepRises, negate, writeAtMost, writeBelow, writeEqual } from './answers.ts';
import { compileValue, type Operand, prepareOperand } from './compile-value.ts';
import type { ComparisonOperator, Rule } from './rule.ts';
import type { RuleFrame } from './rule-frame.ts';
import { FALSE, TRUE, type Tri, UNKNOWN } from './tri.ts';

/** A rule made ready: writes its answers at the bars from index `from` up to and without `to`, that of `from` at index 0. A trigger fires on TRUE only. */
export type Answering = (answers: Uint8Array, from: number, to: number) => void;

/** The same at one bar. */
export type Condition = (index: number) => Tri;

/** Compiles a checked rule once into loops over the frame's columns. They go over many bars at a time: a call for each bar would cost more than the comparison. */
export function compileRule(rule: Rule, frame: RuleFrame): Answering {
  switch (rule.kind) {
    case 'and':
      return compileJoin(compileRule(rule.left, frame), compileRule(rule.right, frame), { join: joinBoth, settled: FALSE });
    case 'or':
      return compileJoin(compileRule(rule.left, frame), compileRule(rule.right, frame), { join: joinEither, settled: TRUE });
    case 'not':
      return compileNot(compileRule(rule.rule, frame));
    case 'comparison':
      return compileComparison(rule.operator, compileValue(rule.left, frame), compileValue(rule.right, frame));
    case 'cross': {
      const left = compileValue(rule.left, frame);
      const right = compileValue(rule.right, frame);
      return rule.direction === 'above' ? compileRise(left, right) : compileRise(right, left);
    }
  }
}

/** Memory is taken at the first question: a session compiles its rules at every bar and asks few of them all the way. */
const NONE = new Uint8Array(0);

export function conditionOf(answering: Answering): Condition {
  let answer = NONE;
  return (index) => {
    if (answer.length === 0) answer = new Uint8Array(1);
    answering(answer, index, index + 1);
    return answer[0] as Tri;
  };
}

type Join = { readonly join: typeof joinBoth; readonly settled: Tri };

/** The second side is asked only where the first one leaves anything open. */
function compileJoin(first: Answering, second: Answering, { join, settled }: Join): Answering {
  let others = NONE;
  return (answers, from, to) => {
    const count = to - from;
    first(answers, from, to);
    if (areAll(answers, count, settled)) return;
    if (others.length < count) others = new Uint8Array(count);
    second(others, from, to);
    join(answers, count, others);
  };
}

function compileNot(answering: Answering): Answering {
  return (answers, from, to) => {
    answering(answers, from, to);
    negate(answers, to - from);
  };
}

function compileComparison(operator: ComparisonOperator, left: Operand, right: Operand): Answering {
  switch (operator) {
    case '<':
      return compare(writeBelow, left, right);
    case '>':
      return compare(writeBelow, right, left);
    case '<=':
      return compare(writeAtMost, left, right);
    case '>=':
      return compare(writeAtMost, right, left);
    case '==':
      return compare(writeEqual, left, right);
    case '!=':
      return compileNot(compare(writeEqual, left, right));
  }
}

function compare(write: typeof writeBelow, left: Operand, right: Operand): Answering {
  return (answers, from, to) => {
    prepareOperand(left, from, to);
    prepareOperand(right, from, to);
    write(answers, to - from, left, right);
  };
}

/** The first operand crosses above the second: not above it a bar ago, above it now. Unknown on the first bar. */
function compileRise(rising: Operand, level: Operand): Answering {
  const above = compare(writeBelow, level, rising);
  const aboveBefore = conditionOf(above);
  return (answers, from, to) => {
    above(answers, from, to);
    keepRises(answers, to - from, from === 0 ? UNKNOWN : aboveBefore(from - 1));
    if (from === 0) answers[0] = UNKNOWN;
  };
}
