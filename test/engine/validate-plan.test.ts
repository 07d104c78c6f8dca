import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/engine/refusal.ts';
import { validatePlan } from '../../src/engine/validate-plan.ts';
import { planWith, triggerWith } from '../support/bars.ts';

const SCOPE = { symbols: ['BTC-USD', 'ETH-USD'], timeframes: ['5m', '15m'] } as const;

type Change = Readonly<Record<string, unknown>>;

const validated = (triggers: readonly Change[], changes: Change = {}) => validatePlan(planWith(triggers, changes), SCOPE);

/** Why a trigger with these changes is dropped; null when it lives. */
function reasonFor(changes: Change): string | null {
  const { plan, dropped } = validated([triggerWith(changes), triggerWith({ id: 'good' })]);
  expect(
    plan.triggers.map(({ id }) => id),
    'the others live',
  ).toContain('good');
  return dropped[0]?.reason ?? null;
}

describe('a plan', () => {
  it('that is right comes back whole, with null where nothing was said', () => {
    const { exit, target, ...bare } = triggerWith();
    const { plan, dropped } = validatePlan({ regime: 'bull', stance: 'active', rationale: 'Why not.', triggers: [bare] }, SCOPE);

    expect({ exit, target }).toEqual({ exit: null, target: null });
    expect(dropped).toEqual([]);
    expect(plan).toEqual({
      regime: 'bull',
      stance: 'active',
      rationale: 'Why not.',
      triggers: [triggerWith()],
      emergency_exit: null,
      levels: null,
    });
  });

  it('in full may name higher timeframes, levels and an emergency exit', () => {
    const { plan, dropped } = validated(
      [
        triggerWith({
          entry: 'rsi < 35 and close > sma_medium@15m',
          exit: 'rsi > 70 or close crosses_below sma_short',
          stop: { kind: 'atr', multiple: 1.5 },
          target: { kind: 'r', multiple: 2 },
        }),
      ],
      { emergency_exit: 'close < donchian_low@15m', levels: { 'BTC-USD': { support: [61_200], resistance: [64_800] } } },
    );

    expect(dropped).toEqual([]);
    expect(plan.triggers).toHaveLength(1);
    expect(plan.levels).toEqual({ 'BTC-USD': { support: [61_200], resistance: [64_800] } });
  });

  it('loses a bad trigger with its reason; the others live', () => {
    expect(reasonFor({ symbol: 'DOGE-USD' })).toMatch(/DOGE-USD/);
    expect(reasonFor({ timeframe: '1h' })).toMatch(/1h/);
    expect(reasonFor({ timeframe: '7m' })).toMatch(/timeframe/);
    expect(reasonFor({ entry: 'close >' })).toMatch(/^entry/);
    expect(reasonFor({ entry: 'close > rsi_14' })).toMatch(/rsi_14/);
    expect(reasonFor({ entry: 'close + 1' }), 'a rule is a condition').toMatch(/^entry/);
    expect(reasonFor({ exit: 'close > sma_short@1h' }), 'an undeclared timeframe').toMatch(/^exit.*1h/);
    expect(reasonFor({ timeframe: '15m', entry: 'close@5m > 1' }), 'a lower timeframe').toMatch(/5m/);
    expect(reasonFor({ entry: '' })).toMatch(/entry/);
    expect(reasonFor({ stop: null })).toMatch(/stop/);
    expect(reasonFor({ stop: undefined }), 'a stop is required').toMatch(/stop/);
    expect(reasonFor({ stop: { kind: 'pct', pct: 0 } })).toMatch(/stop/);
    expect(reasonFor({ stop: { kind: 'atr', multiple: -1 } })).toMatch(/stop/);
    expect(reasonFor({ stop: { kind: 'fixed', price: 5 } })).toMatch(/stop/);
    expect(reasonFor({ target: { kind: 'r', multiple: 0 } })).toMatch(/target/);
    expect(reasonFor({ side: 'up' })).toMatch(/side/);
    expect(reasonFor({ grade: 'D' })).toMatch(/grade/);
    expect(reasonFor({ category: 'hunch' })).toMatch(/category/);
    expect(reasonFor({ id: 'with space' })).toMatch(/id/);
    expect(reasonFor({ leverage: 100 }), 'a plan never sizes').toMatch(/leverage/);
    expect(reasonFor({}), 'the trigger that all of them change').toBeNull();
  });

  it('names a dropped trigger by its id where it has one', () => {
    const { plan, dropped } = validatePlan(planWith([triggerWith({ grade: 'D' })]), SCOPE);
    const withoutId = validatePlan({ ...planWith([]), triggers: ['nonsense', null, 7, { id: 7 }] }, SCOPE);

    expect(dropped).toEqual([{ id: 'long', reason: expect.stringContaining('grade') }]);
    expect(plan.triggers, 'a plan may end up with none').toEqual([]);
    expect(withoutId.dropped.map(({ id }) => id)).toEqual([null, null, null, null]);
  });

  it('loses the later of two triggers with one id', () => {
    const { plan, dropped } = validated([triggerWith({ grade: 'C' }), triggerWith({ grade: 'A' }), triggerWith({ id: 'third' })]);

    expect(plan.triggers.map(({ id, grade }) => ({ id, grade }))).toEqual([
      { id: 'long', grade: 'C' },
      { id: 'third', grade: 'B' },
    ]);
    expect(dropped).toEqual([{ id: 'long', reason: expect.stringContaining('id') }]);
  });

  it('with a bad emergency_exit is refused whole', () => {
    for (const emergency_exit of ['close <', 'close < sma_short@1h', 'rsi', '', 7]) {
      expect(() => validated([triggerWith()], { emergency_exit }), String(emergency_exit)).toThrow(Refusal);
    }
    expect(() => validated([triggerWith()], { emergency_exit: 'close < sma_short@1h' })).toThrow(/emergency_exit.*1h/);
  });

  it('that is no plan is refused with what is wrong', () => {
    expect(() => validated([triggerWith()], { stance: 'yolo' })).toThrow(/stance/);
    expect(() => validated([triggerWith()], { regime: null })).toThrow(/regime/);
    expect(() => validated([triggerWith()], { size: 100 })).toThrow(/size/);
    expect(() => validated([triggerWith()], { levels: { 'BTC-USD': { support: [-1], resistance: [] } } })).toThrow(/levels/);
    for (const nothing of [null, 'a plan', 7, [], { triggers: {} }]) expect(() => validatePlan(nothing, SCOPE)).toThrow(Refusal);
  });
});
