import { describe, expect, it } from 'vitest';
import { askedStrategist } from '../../src/commands/asked-strategist.ts';
import { withinBudget } from '../../src/desk/plan-backtest.ts';
import { openPlanner, planningOf, settleStrategist } from '../../src/desk/strategist.ts';
import type { PlanRecord } from '../../src/engine/plan-record.ts';
import type { StrategistSpec } from '../../src/engine/strategist-spec.ts';
import type { AskForPlan } from '../../src/strategist/planner.ts';
import { firstQuestionOf, GOOD_PROPOSAL, never, sampleRun } from '../strategist/sample.ts';
import { withDatabase } from '../support/database.ts';
import { openLoopbackOpenAi } from '../support/loopback-openai.ts';

const KEYLESS = { openaiApiKey: null, openaiBaseUrl: null, openaiModel: null };
const WITH_KEY = { openaiApiKey: 'sk-test-0123456789abcdef', openaiBaseUrl: null, openaiModel: 'gpt-5-mini' };
const ASKED: StrategistSpec = { style: 'conservative', prompt: null, take: '', mode: 'record' };

const WAITING = { ...GOOD_PROPOSAL, stance: 'wait', triggers: [] };

const RECORD: PlanRecord = {
  request: null,
  origin: 'model',
  planner: 'test',
  market: { round_trip_cost_pct: 0.1, frames: [] },
  planHash: null,
  dropped: [],
  findings: [],
  troubles: [],
  cost: null,
};

describe('who plans', () => {
  const database = withDatabase();

  it.each([
    ['a model, where there is a key', ASKED, WITH_KEY, 'gpt-5-mini'],
    ['the usual model, where none is named', ASKED, { ...WITH_KEY, openaiModel: null }, 'gpt-6.1-terra'],
    ['rules, where there is no key', ASKED, KEYLESS, null],
    ['rules, where they are wanted', { ...ASKED, style: 'rule-based' } as const, WITH_KEY, null],
    ['a model without a key, where only what is on record is read', { ...ASKED, mode: 'replay' } as const, KEYLESS, 'gpt-6.1-terra'],
    ['whoever was settled before', { ...ASKED, model: 'gpt-5-nano' }, KEYLESS, 'gpt-5-nano'],
    ['rules that were settled before a key came', { ...ASKED, model: null }, WITH_KEY, null],
  ])('is %s', (_, asked, access, model) => expect(settleStrategist(asked, access).model).toBe(model));

  it('is said on every plan that rules make', async () => {
    const question = await firstQuestionOf(sampleRun());
    const planner = async (asked: StrategistSpec, access: typeof KEYLESS) => {
      const settled = settleStrategist(asked, access);
      return (await openPlanner(settled, { pool: database.pool, access, workId: 'any' })(question, never)).planner;
    };

    expect(await planner(ASKED, KEYLESS)).toBe('rule-based (no OPENAI_API_KEY)');
    expect(await planner({ ...ASKED, style: 'rule-based' }, KEYLESS)).toBe('rule-based (as asked)');
  });

  it('asks live into a recording of the work’s own, which the work goes on from and anybody can replay by its name', async () => {
    const server = await openLoopbackOpenAi();
    server.answer(({ index }) => ({ kind: 'text', text: JSON.stringify({ ...WAITING, rationale: `Answer ${index}.` }) }));
    const access = { ...WITH_KEY, openaiBaseUrl: server.baseUrl };
    const question = await firstQuestionOf(sampleRun());
    const said = async (asked: Partial<StrategistSpec>, workId: string) => {
      const settled = settleStrategist({ ...ASKED, ...asked }, access);
      const { plan, planner } = await openPlanner(settled, { pool: database.pool, access, workId })(question, never);
      return `${plan?.plan.rationale} ${planner.split(', ').at(-1)}`;
    };

    expect(await said({ mode: 'live' }, '11111111-2222')).toBe('Answer 0. take live.11111111');
    expect(await said({ mode: 'live' }, '11111111-2222'), 'after a kill').toBe('Answer 0. take live.11111111');
    expect(await said({ mode: 'live', take: 'mine' }, '33333333-4444')).toBe('Answer 1. take mine.33333333');
    expect(await said({ mode: 'live', take: 'm'.repeat(64) }, '55555555')).toBe(`Answer 2. take ${'m'.repeat(55)}.55555555`);
    const { take } = askedStrategist({ style: 'conservative', prompt: null, take: 'live.11111111', mode: 'replay' }) ?? ASKED;
    expect(await said({ mode: 'replay', take }, 'another')).toBe('Answer 0. take live.11111111');
    await server.close();
  });

  it('may have seen what came before its training ended, and rules have seen nothing', () => {
    const seen = (model: string | null, startMs: number) =>
      planningOf({ strategist: { ...ASKED, model } }, { records: [RECORD], baseRunId: null, startMs })?.mayBeSeen;

    expect(seen('gpt-5-mini', Date.UTC(2024, 0, 1))).toBe(true);
    expect(seen('gpt-5-mini', Date.UTC(2025, 9, 1))).toBe(false);
    expect(seen('of-my-own', Date.UTC(2025, 9, 1))).toBe(true);
    expect(seen(null, Date.UTC(2024, 0, 1))).toBe(false);
  });

  it('is stopped when the model was asked often enough, and not for what is on record', async () => {
    const asking = (calls: number): AskForPlan => {
      const usage = { input: 0, cached_input: 0, output: 0, reasoning: 0 };
      return async () => ({
        plan: null,
        origin: 'kept',
        keepMs: 1,
        planner: '',
        findings: [],
        troubles: [],
        cost: { usage, usd: 0, paidUsd: 0, pricesAsOf: null, calls },
      });
    };
    const question = await firstQuestionOf(sampleRun());
    const paid = withinBudget(asking(2), 4);
    const onRecord = withinBudget(asking(0), 1);
    for (let time = 0; time < 2; time++) {
      await paid(question, never);
      await onRecord(question, never);
    }

    await expect(paid(question, never)).rejects.toThrow('asked the model 4 times');
  });
});
