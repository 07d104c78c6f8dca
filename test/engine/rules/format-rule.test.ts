import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRule } from '../../../src/engine/rules/format-rule.ts';
import { parseRule } from '../../../src/engine/rules/parse-rule.ts';
import { MAX_RULE_LENGTH } from '../../../src/engine/rules/rule-limits.ts';
import { anyColumn, rulesOver } from './generated-rules.ts';

describe('the canonical text', () => {
  it('parses back into the rule it was written from', () => {
    let kept = 0;
    let withParentheses = 0;

    fc.assert(
      fc.property(rulesOver(anyColumn), (rule) => {
        const text = formatRule(rule);
        fc.pre(text.length <= MAX_RULE_LENGTH);

        expect(parseRule(text), text).toEqual(rule);

        kept += 1;
        if (text.includes('(')) withParentheses += 1;
      }),
      { seed: 7, numRuns: 600 },
    );

    expect(kept).toBe(600);
    expect(withParentheses).toBeGreaterThan(100);
  });

  it.each([
    ['((rsi < 1) and (rsi < 2)) and (rsi < 3)', 'rsi < 1 and rsi < 2 and rsi < 3'],
    ['rsi < 1 and (rsi < 2 and rsi < 3)', 'rsi < 1 and (rsi < 2 and rsi < 3)'],
    ['(rsi < 1 or rsi < 2) and rsi < 3', '(rsi < 1 or rsi < 2) and rsi < 3'],
    ['not ((rsi < 1) or rsi < 2)', 'not (rsi < 1 or rsi < 2)'],
    ['close - (open - 1) > (2 * 3) + 1', 'close - (open - 1) > 2 * 3 + 1'],
    ['--close > -(1 + 2)', '-(-close) > -(1 + 2)'],
  ])('of %s is %s', (text, canonical) => {
    expect(formatRule(parseRule(text))).toBe(canonical);
  });
});
