import { describe, expect, it } from 'vitest';
import { checkRule } from '../../../src/engine/rules/check-rule.ts';
import { parseRule } from '../../../src/engine/rules/parse-rule.ts';

const check = (text: string) => checkRule(parseRule(text), { timeframe: '15m', timeframes: ['5m', '15m', '1h'] });

describe('a checked rule', () => {
  it('may name its own timeframe and the higher ones of the run', () => {
    expect(check('rsi < 30 and close@15m > 1 and close@1h[3] crosses_above sma_long@1h')).toBeNull();
  });

  it.each([
    ['rsi < 30 or close@5m > 1', "close@5m is below the trigger's timeframe 15m; name one equal to it or higher"],
    ['not close > 2 * ema_fast@4h', "ema_fast@4h is not among the run's timeframes (5m 15m 1h); name one of those or add 4h to timeframes"],
  ])('is told why %s cannot run', (text, reason) => {
    expect(check(text)).toBe(reason);
  });

  it('is told when its own timeframe is missing', () => {
    expect(checkRule(parseRule('rsi < 30'), { timeframe: '5m', timeframes: ['1h'] })).toBe(
      "rsi@5m is not among the run's timeframes (1h); name one of those or add 5m to timeframes",
    );
  });
});
