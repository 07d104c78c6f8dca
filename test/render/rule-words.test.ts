import { describe, expect, it } from 'vitest';
import { ruleWords } from '../../src/render/rule-words.ts';

describe('a rule in words', () => {
  it.each([
    ['rsi[1] < 50 and close crosses_above ema_fast', ['rsi (1 bar ago) below 50', 'close crosses above ema_fast']],
    ['sma_short@1h > sma_long@1h[5]', ['sma_short (1h) above sma_long (1h, 5 bars ago)']],
    ['volume >= 1.5 * volume_sma', ['volume at least 1.5 × volume_sma']],
    [
      '(rsi < 30 and adx > 20 or rsi > 70) and close != open',
      ['(rsi below 30 and adx above 20) or rsi above 70', 'close not equal to open'],
    ],
    ['not (rsi < 30 or adx > 20)', ['not (rsi below 30 or adx above 20)']],
    ['close - (open - low) > 2 * (high - low)', ['close − (open − low) above 2 × (high − low)']],
    ['-roc > -1', ['−roc above −1']],
  ])('%s', (rule, words) => expect(ruleWords(rule)).toEqual(words));
});
