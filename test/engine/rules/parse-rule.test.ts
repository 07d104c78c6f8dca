import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/engine/refusal.ts';
import { formatRule } from '../../../src/engine/rules/format-rule.ts';
import { parseRule } from '../../../src/engine/rules/parse-rule.ts';
import type { ColumnValue } from '../../../src/engine/rules/rule.ts';

const column = (name: ColumnValue['name'], more: Partial<ColumnValue> = {}): ColumnValue => ({
  kind: 'column',
  name,
  timeframe: null,
  barsBack: 0,
  ...more,
});

describe('a rule', () => {
  it('is parsed into conditions over numbers', () => {
    expect(parseRule('rsi < 35 and close[2] crosses_above sma_medium@15m[3] - 1')).toEqual({
      kind: 'and',
      left: { kind: 'comparison', operator: '<', left: column('rsi'), right: { kind: 'number', value: 35 } },
      right: {
        kind: 'cross',
        direction: 'above',
        left: column('close', { barsBack: 2 }),
        right: {
          kind: 'arithmetic',
          operator: '-',
          left: column('sma_medium', { timeframe: '15m', barsBack: 3 }),
          right: { kind: 'number', value: 1 },
        },
      },
    });
  });

  it.each([
    ['rsi < 1 or rsi < 2 and rsi < 3', 'rsi < 1 or (rsi < 2 and rsi < 3)'],
    ['rsi < 1 and rsi < 2 or rsi < 3', '(rsi < 1 and rsi < 2) or rsi < 3'],
    ['rsi < 1 or rsi < 2 or rsi < 3', '(rsi < 1 or rsi < 2) or rsi < 3'],
    ['rsi < 1 and rsi < 2 and rsi < 3', '(rsi < 1 and rsi < 2) and rsi < 3'],
    ['not rsi < 30', 'not (rsi < 30)'],
    ['not rsi < 1 and rsi < 2', '(not (rsi < 1)) and rsi < 2'],
    ['rsi < 1 and not rsi < 2 or rsi < 3', '(rsi < 1 and (not (rsi < 2))) or rsi < 3'],
    ['not rsi < 1 or not rsi < 2 and rsi < 3', '(not (rsi < 1)) or ((not (rsi < 2)) and rsi < 3)'],
    ['not not rsi < 1 and rsi < 2', '(not (not (rsi < 1))) and rsi < 2'],
    ['not (rsi < 1 and rsi < 2) or rsi < 3', '(not (rsi < 1 and rsi < 2)) or rsi < 3'],
    ['not close + 1 crosses_above open * 2', 'not ((close + 1) crosses_above (open * 2))'],
    ['close + 1 < open - 2', '(close + 1) < (open - 2)'],
    ['close + 1 crosses_below open - 2', '(close + 1) crosses_below (open - 2)'],
    ['close - open - 1 > 0', '((close - open) - 1) > 0'],
    ['close - open + 1 > 0', '((close - open) + 1) > 0'],
    ['close / open / 2 * 3 > 0', '(((close / open) / 2) * 3) > 0'],
    ['close + open * 2 > 0', '(close + (open * 2)) > 0'],
    ['-close * 2 > 0', '((-close) * 2) > 0'],
    ['close * -open > 0', '(close * (-open)) > 0'],
    ['close - -open > 0', '(close - (-open)) > 0'],
    ['- close[1] + 2 > 0', '((-close[1]) + 2) > 0'],
  ])('binds "%s" as %s', (text, explicit) => {
    expect(parseRule(text)).toEqual(parseRule(explicit));
  });

  it.each([
    ['  rsi<30\n\tand close>=1  ', 'rsi < 30 and close >= 1'],
    ['(rsi<3)and(not(close==1))', 'rsi < 3 and not close == 1'],
    ['close[ 1 ] != close@1h[0]', 'close[1] != close@1h'],
    ['.5 < 2. + 1e-3', '0.5 < 2 + 0.001'],
    ['((close)) > ((1))', 'close > 1'],
    ['macd_hist crosses_above 0', 'macd_hist crosses_above 0'],
  ])('reads "%s"', (text, canonical) => {
    expect(formatRule(parseRule(text))).toBe(canonical);
  });

  it('may be as long and as deep as its limits', () => {
    const long = `${'rsi<1 or '.repeat(110)}rsi<1`;
    const deep = `${'('.repeat(50)}rsi < 1${')'.repeat(50)}`;

    expect(long.length).toBeGreaterThan(990);
    expect(formatRule(parseRule(long)).split(' or ')).toHaveLength(111);
    expect(formatRule(parseRule(deep))).toBe('rsi < 1');
    expect(formatRule(parseRule(`${'(rsi<1) and '.repeat(60)}rsi<1`)).split(' and '), 'groups beside each other are not deep').toHaveLength(
      61,
    );
    expect(parseRule(`${'1-'.repeat(496)}1 < 2`)).toMatchObject({ kind: 'comparison' });
  });
});

describe('a refusal', () => {
  const AFTER = 'expected an operator such as <, crosses_above, + or and, or the end of the rule';
  const OPERAND = 'expected a number, a name such as close or rsi, "-", "not" or "("';

  it.each([
    ['', 'The rule is empty; type a condition such as rsi < 30.'],
    [' \n', 'The rule is empty; type a condition such as rsi < 30.'],
    ['rsi', 'column 1: a rule is a condition, and rsi is a number; compare it, as in rsi > 0'],
    ['close + 1', 'column 1: a rule is a condition, and close + 1 is a number; compare it, as in close + 1 > 0'],
    ['1 < rsi < 30', 'column 11: comparisons cannot be chained; write 1 < rsi and rsi < 30'],
    ['close == open < 3', 'column 10: comparisons cannot be chained; write close == open and open < 3'],
    ['rsi < 3 crosses_above 2', 'column 23: comparisons cannot be chained; write rsi < 3 and 3 crosses_above 2'],
    ['rsi and close > 1', 'column 1: "and" wants conditions, and rsi is a number; compare it, as in rsi > 0'],
    ['close > 1 or 5', 'column 14: "or" wants conditions, and 5 is a number; compare it, as in 5 > 0'],
    ['not rsi', 'column 5: "not" wants conditions, and rsi is a number; compare it, as in rsi > 0'],
    ['(rsi < 3) < 2', 'column 1: "<" wants numbers, and rsi < 3 is a condition; join conditions with and, or, not'],
    ['1 + (2 < 3) < 1', 'column 5: "+" wants numbers, and 2 < 3 is a condition; join conditions with and, or, not'],
    ['-(rsi < 3) < 2', 'column 2: "-" wants numbers, and rsi < 3 is a condition; join conditions with and, or, not'],
    ['1 < not rsi < 3', 'column 5: "<" wants numbers, and not rsi < 3 is a condition; join conditions with and, or, not'],
    ['rsi_14 < 30', 'column 1: unknown name "rsi_14" (names never carry a period; periods belong to indicator_mode); did you mean rsi?'],
    [
      'close > sma_20',
      'column 9: unknown name "sma_20" (names never carry a period; periods belong to indicator_mode); did you mean sma_short or sma_medium or sma_long?',
    ],
    ['macd_12_26 > 0', 'did you mean macd?'],
    ['volum > 1', 'column 1: unknown name "volum"; did you mean volume?'],
    ['RSI < 1', 'column 1: unknown name "RSI"; did you mean rsi?'],
    ['constructor < 1', 'column 1: unknown name "constructor"'],
    ['true', 'column 1: unknown name "true"'],
    ['this < 1', 'column 1: unknown name "this"'],
    ['close@2h < 1', 'column 6: "@2h" is no timeframe; type one of @1m @5m @15m @1h @4h @1d'],
    ['close@ < 1', 'column 6: "@" is no timeframe'],
    ['close[1]@1h < 1', `column 9: found "@", ${AFTER}; the timeframe comes right after the name, as in close@1h[1]`],
    ['close[501] < 1', 'column 6: "[" wants a whole number of bars back from 0 to 500 and "]", as in close[1]'],
    ['close[-1] < 1', 'column 6: "[" wants a whole number of bars back'],
    ['close[1.5] < 1', 'column 6: "[" wants a whole number of bars back'],
    ['close[rsi] < 1', 'column 6: "[" wants a whole number of bars back'],
    ['close[1][2] < 1', `column 9: found "[", ${AFTER}; bars back come right after a name, as in close[1]`],
    ['(close)[1] < 1', `column 8: found "[", ${AFTER}; bars back come right after a name, as in close[1]`],
    ['rsi(14) < 30', `column 4: found "(", ${AFTER}; names take no arguments`],
    ['rsi < (30', 'column 10: found the end of the rule, expected an operator or the ")" that closes the "(" of column 7'],
    ['rsi < 30)', `column 9: found ")", ${AFTER}`],
    ['()', `column 2: found ")", ${OPERAND}`],
    ['rsi <', `column 6: found the end of the rule, ${OPERAND}`],
    ['< 3', `column 1: found "<", ${OPERAND}`],
    ['rsi < < 3', `column 7: found "<", ${OPERAND}`],
    ['rsi < 3 and', `column 12: found the end of the rule, ${OPERAND}`],
    ['and < 3', `column 1: found "and", ${OPERAND}`],
    ['rsi < 30 AND close > 1', `column 10: found "AND", ${AFTER}; write "and"`],
    ['rsi < 30 && close > 1', `column 10: found "&&", ${AFTER}; write "and"`],
    ['rsi < 30 || close > 1', `column 10: found "||", ${AFTER}; write "or"`],
    ['!rsi < 30', `column 1: found "!", ${OPERAND}; write "not"`],
    ['rsi = 30', `column 5: found "=", ${AFTER}; write "=="`],
    ['rsi === 30', `column 7: found "=", ${OPERAND}; write "=="`],
    ['rsi < 3 ? 1 : 2', `column 9: found "?", ${AFTER}`],
    ['rsi < 3; close > 1', `column 8: found ";", ${AFTER}`],
    [',rsi < 3', `column 1: found ",", ${OPERAND}`],
    ['rsi < "30"', `column 7: found """, ${OPERAND}`],
    ["rsi < '30'", `column 7: found "'", ${OPERAND}`],
    ['[rsi] < 3', `column 1: found "[", ${OPERAND}`],
    ['close.length < 3', `column 6: found ".", ${AFTER}`],
    ['close?.length < 3', `column 6: found "?", ${AFTER}`],
    ['close % 2 < 1', `column 7: found "%", ${AFTER}`],
    ['close ** 2 < 1', `column 8: found "*", ${OPERAND}`],
    ['close & 2 < 1', `column 7: found "&", ${AFTER}; write "and"`],
    ['close << 2 < 1', `column 8: found "<", ${OPERAND}`],
    ['~close < 1', `column 1: found "~", ${OPERAND}`],
    ['+close > 1', `column 1: found "+", ${OPERAND}`],
    ['close < 1 // stop', `column 12: found "/", ${OPERAND}`],
    ['30x < rsi', `column 1: found "30x", ${OPERAND}`],
    ['rsi < 30and close > 1', `column 7: found "30and", ${OPERAND}`],
    ['😀 < 1', `column 1: found "😀", ${OPERAND}`],
    ['1e400 < rsi', 'column 1: the number 1e400 is too large; type a smaller one'],
    [`rsi < ${'9'.repeat(400)}`, `column 7: the number ${'9'.repeat(120)}… is too large; type a smaller one`],
    [`${'x'.repeat(900)} < 1`, `column 1: unknown name "${'x'.repeat(120)}…"`],
    ['r'.repeat(1001), 'The rule has 1001 characters; type one of at most 1000.'],
    [`${'('.repeat(51)}rsi < 1`, 'column 51: more than 50 levels of "(", "-" and "not"; type a flatter rule'],
    [`${'not '.repeat(200)}rsi < 1`, 'more than 50 levels'],
    [`${'-'.repeat(900)}1 < rsi`, 'more than 50 levels'],
  ])('of %j says where it is wrong and what was wanted', (text, message) => {
    expect(() => parseRule(text)).toThrow(Refusal);
    expect(() => parseRule(text)).toThrow(message);
  });
});
