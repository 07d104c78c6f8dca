import { describe, expect, it } from 'vitest';
import { diffPlans } from '../../src/engine/plan-diff.ts';
import { validatePlan } from '../../src/engine/validate-plan.ts';
import { planWith, triggerWith } from '../support/bars.ts';

const planOf = (triggers: readonly Readonly<Record<string, unknown>>[], changes = {}) =>
  validatePlan(planWith(triggers, changes), { symbols: ['BTC-USD'], timeframes: ['5m'] }).plan;

describe('what a new plan changes', () => {
  it('is told by the ids of its triggers', () => {
    const before = planOf([triggerWith({ id: 'a' }), triggerWith({ id: 'b' }), triggerWith({ id: 'c' })]);
    const after = planOf([triggerWith({ id: 'b', grade: 'A' }), triggerWith({ id: 'c' }), triggerWith({ id: 'd' })], {
      stance: 'defensive',
    });

    const { added, removed, changed, unchanged, terms } = diffPlans(before, after);

    expect([added.map(({ id }) => id), removed.map(({ id }) => id), changed.map(({ from, to }) => [from.grade, to.grade])]).toEqual([
      ['d'],
      ['a'],
      [['B', 'A']],
    ]);
    expect([unchanged, terms]).toEqual([1, [{ name: 'stance', from: 'active', to: 'defensive' }]]);
  });

  it('is nothing between equal plans', () => {
    const plan = planOf([triggerWith()]);
    expect(diffPlans(plan, structuredClone(plan))).toEqual({ added: [], removed: [], changed: [], unchanged: 1, terms: [] });
  });
});
