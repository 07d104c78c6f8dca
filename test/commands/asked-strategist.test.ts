import { describe, expect, it } from 'vitest';
import { askedStrategist, NO_STRATEGIST } from '../../src/commands/asked-strategist.ts';
import { NOTHING_ASKED, resolveBacktestRequest } from '../../src/commands/backtest-request.ts';
import { NOTHING_SET } from '../../src/engine/guild-view.ts';
import { hashJson } from '../../src/engine/hash.ts';
import { runSpecSchema } from '../../src/engine/run-spec.ts';
import { STRATEGIST_STYLES } from '../../src/engine/strategist-spec.ts';
import { PROMPT_IDS } from '../../src/strategist/prompt.ts';

const context = { requestedAtMs: Date.UTC(2025, 10, 1), guild: NOTHING_SET, strategyIds: ['aggressive_active'], exchange: 'coinbase' };

describe('a strategist as it is asked for', () => {
  it('is nobody when nothing is said, and the run is stored as it always was', () => {
    expect(askedStrategist(NO_STRATEGIST)).toBeNull();
    const run = resolveBacktestRequest({ ...NOTHING_ASKED, preset: 'scalper-5m', seed: 1 }, context);
    expect(run).not.toHaveProperty('strategist');
    expect(run.strategyId).toBe('aggressive_active');
  });

  it('takes the place of a strategy, and survives being stored', () => {
    const strategist = { style: 'conservative', prompt: null, take: 'scalper-test', mode: 'replay' };
    const run = resolveBacktestRequest({ ...NOTHING_ASKED, seed: 1, strategist: { ...strategist } }, context);

    expect(run).toMatchObject({ strategyId: null, plan: null, strategist });
    expect(hashJson(runSpecSchema.parse(JSON.parse(JSON.stringify(run))))).toBe(hashJson(run));
  });

  it('knows every prompt that there is', () => expect(STRATEGIST_STYLES).toEqual(['rule-based', ...PROMPT_IDS]));

  it('records under the usual name when only a style or a prompt is given', () => {
    expect(askedStrategist({ ...NO_STRATEGIST, prompt: ' Buy dips. ' })).toEqual({
      style: 'own',
      prompt: 'Buy dips.',
      take: '',
      mode: 'record',
    });
  });

  it('takes a prompt of several lines', () => {
    expect(askedStrategist({ ...NO_STRATEGIST, prompt: 'Buy dips 🤖:\r\n\t- never at night' })).toMatchObject({ style: 'own' });
  });

  it.each([
    [{ style: 'conservativ' }, 'the nearest is conservative'],
    [{ style: 'conservative', prompt: 'Buy.' }, 'keep one of the two'],
    [{ prompt: '  ' }, 'The prompt is empty'],
    [{ prompt: 'x'.repeat(8_001) }, 'has 8001 characters'],
    [{ prompt: 'Buy\u0000dips.' }, 'The prompt holds U+0000 after 3 characters, which is no text'],
    [{ prompt: 'Buy \ud83d dips.' }, 'The prompt holds U+d83d'],
    [{ take: 'scalper-test' }, 'no strategist that could make or replay it'],
    [{ style: 'conservative', take: 'a b' }, 'letters, digits'],
    [{ style: 'conservative', mode: 'reply' }, 'the nearest is replay'],
  ])('refuses %j', (asked, why) => expect(() => askedStrategist({ ...NO_STRATEGIST, ...asked })).toThrow(why));

  it('is refused beside a plan or a strategy of the person’s own', () => {
    const strategist = { ...NO_STRATEGIST, style: 'rule-based' };
    const ask = (changes: Partial<typeof NOTHING_ASKED>) => () =>
      resolveBacktestRequest({ ...NOTHING_ASKED, strategist, ...changes }, context);

    expect(ask({ strategyId: 'aggressive_active' })).toThrow('but strategy aggressive_active is given too');
    expect(ask({ plan: {} })).toThrow('but a plan of your own is given too');
  });
});
