import { describe, expect, it } from 'vitest';
import { countRuleAnswers } from '../../src/engine/rule-answers.ts';
import { validatePlan } from '../../src/engine/validate-plan.ts';
import { barsFromRows, inputOf, openMs, planWith, SYMBOL, still, triggerWith } from '../support/bars.ts';

const rows = Array.from({ length: 48 }, (_, index) => still(100 + index, index % 2));
const input = inputOf({ bars: { [SYMBOL]: barsFromRows(rows) }, input: { timeframes: ['5m', '1h'] } });
const plan = (...of: Parameters<typeof planWith>) => validatePlan(planWith(...of), { symbols: [SYMBOL], timeframes: ['5m', '1h'] }).plan;

describe('countRuleAnswers', () => {
  it('counts how each rule answered at the bars of its timeframe', () => {
    const triggers = [
      triggerWith({ entry: 'volume == 1', exit: 'close < 0' }),
      triggerWith({ id: 'hourly', timeframe: '1h', entry: 'close > 0' }),
    ];
    const answers = countRuleAnswers(input, [{ from: openMs(0), plan: plan(triggers, { emergency_exit: 'close[40] > 0' }) }]);

    expect(answers.map(({ trigger_id, rule, held, failed, unknown }) => [trigger_id, rule, held, failed, unknown])).toEqual([
      ['long', 'entry', 24, 24, 0],
      ['long', 'exit', 0, 48, 0],
      ['hourly', 'entry', 4, 0, 0],
      [null, 'emergency_exit', 8, 0, 40],
    ]);
  });

  it('asks a rule while its plan was followed, and sums what it said in several', () => {
    const [first, second] = [plan([triggerWith()]), plan([triggerWith(), triggerWith({ id: 'dead', entry: 'close < 0' })])];
    const answers = countRuleAnswers(input, [
      { from: openMs(0), plan: first },
      { from: openMs(10), plan: second },
    ]);

    expect(answers.map(({ trigger_id, held, failed }) => [trigger_id, held, failed])).toEqual([
      ['long', 24, 24],
      ['dead', 0, 38],
    ]);
  });
});
