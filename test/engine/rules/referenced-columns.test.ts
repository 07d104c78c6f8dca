import { describe, expect, it } from 'vitest';
import { parseRule } from '../../../src/engine/rules/parse-rule.ts';
import { referencedColumns } from '../../../src/engine/rules/referenced-columns.ts';

const referenced = (text: string) =>
  referencedColumns(parseRule(text), '5m').map(({ name, timeframe, lookbackBars }) => `${name}@${timeframe}[${lookbackBars}]`);

describe('referenced columns', () => {
  it('are listed once each, with the farthest look back', () => {
    expect(referenced('close > close[3] and not (close@5m[1] < -sma_long@1h[2] or 2 * close@1h > atr)')).toEqual([
      'close@5m[3]',
      'sma_long@1h[2]',
      'close@1h[0]',
      'atr@5m[0]',
    ]);
  });

  it('reach one bar further back in a cross, and two on a higher timeframe, whose bars may come in pairs after a gap', () => {
    expect(referenced('close[2] crosses_above sma_short@15m[1] + 1')).toEqual(['close@5m[3]', 'sma_short@15m[3]']);
    expect(referenced('ema_fast crosses_below ema_slow and ema_slow[4] > 1')).toEqual(['ema_fast@5m[1]', 'ema_slow@5m[4]']);
  });
});
