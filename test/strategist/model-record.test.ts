import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backtest } from '../../src/engine/backtest.ts';
import { compare } from '../../src/engine/compare.ts';
import type { RunResult } from '../../src/engine/result.ts';
import { PRICES_AS_OF } from '../../src/strategist/model-prices.ts';
import { planByRules } from '../../src/strategist/plan-by-rules.ts';
import type { KeptPlan, PlanCache } from '../../src/strategist/plan-cache.ts';
import { planRun } from '../../src/strategist/plan-run.ts';
import type { AskForPlan, PlanQuestion } from '../../src/strategist/planner.ts';
import { loadPrompt } from '../../src/strategist/prompt.ts';
import { type LoopbackOpenAi, messageOf, openLoopbackOpenAi, type ScriptedAnswer } from '../support/loopback-openai.ts';
import { error, failed, json, memory, output, plannerOn, status, text } from './answers.ts';
import { firstQuestionOf, GOOD_PROPOSAL, never, proposalOf, sampleRun } from './sample.ts';

describe('the model planner on record', () => {
  let server: LoopbackOpenAi;
  let question: PlanQuestion;
  const input = sampleRun({ seed: 3 });

  beforeAll(async () => {
    server = await openLoopbackOpenAi();
    question = await firstQuestionOf(input);
  });
  afterAll(() => server.close());
  beforeEach(() => server.answer(() => text(GOOD_PROPOSAL)));

  const planner = (cache: PlanCache, model?: string): AskForPlan => plannerOn(server, { cache, ...(model === undefined ? {} : { model }) });

  /** A model that plans as the rules do, from nothing but what it was sent. */
  const modelByRules = (script = (plan: ScriptedAnswer): ScriptedAnswer => plan) =>
    server.answer(({ body }) => script(text(proposalOf(planByRules(JSON.parse(body.input[0]?.content ?? ''))))));

  const run = async (cache: PlanCache, of = input) => {
    const plans = await planRun(of, { ask: planner(cache), signal: never, onPlan: () => {} });
    return { plans, result: backtest({ ...of, plan: plans.plan }, () => {}, { kind: 'frozen', timeline: plans.timeline }) };
  };

  it('replays a recorded run without a call, three times the same to the bit', async () => {
    modelByRules();
    const kept = new Map<string, KeptPlan>();
    const recorded = await run(memory('record', kept));
    expect(recorded.plans.answers.length).toBeGreaterThan(4);
    expect(recorded.result.summary.total_trades).toBeGreaterThan(0);
    const calls = server.asked.length;
    server.answer(() => ({ kind: 'body', status: 500, body: '{}' }));

    for (const mode of ['replay', 'replay', 'replay', 'record'] as const) {
      const replayed = await run(memory(mode, kept));
      expect(replayed.result.result_hash).toBe(recorded.result.result_hash);
      expect(replayed.result.input_hash).toBe(recorded.result.input_hash);
      expect(replayed.plans.answers.map(({ answer }) => answer.cost?.calls)).toEqual(recorded.plans.answers.map(() => 0));
      expect(replayed.plans.answers.map(({ answer }) => answer.cost?.usd)).toEqual(
        recorded.plans.answers.map(({ answer }) => answer.cost?.usd),
      );
    }
    expect(server.asked.length, 'nobody was asked').toBe(calls);
  });

  it('is shared by every variant of a comparison', async () => {
    modelByRules();
    const { plans, result } = await run(memory('record'));
    const calls = server.asked.length;

    const base = { ...input, plan: plans.plan };
    const variations = [{ max_position_risk_pct: 2 }, { min_hold_bars: 4 }];
    const compared = compare({ base, variations, labels: ['risk', 'hold'] }, { kind: 'frozen', timeline: plans.timeline });

    const planHashes = ({ plans: followed }: RunResult) => followed.map(({ from, hash }) => [from, hash]);
    expect(compared.variants.map(planHashes)).toEqual([planHashes(result), planHashes(result)]);
    expect(planHashes(result).length).toBe(1 + plans.timeline.length);
    expect(server.asked.length, 'nobody was asked').toBe(calls);
  });

  it('replays failures and faults as they were', async () => {
    let count = 0;
    const odd: readonly ScriptedAnswer[] = [
      status(500, error('Oops')),
      text('prose'),
      { kind: 'reset' },
      { kind: 'body', status: 200, body: '<p>', contentType: 'text/html' },
    ];
    modelByRules((plan) => (count++ % 3 === 0 ? plan : (odd[count % odd.length] ?? plan)));
    const kept = new Map<string, KeptPlan>();
    const recorded = await run(memory('record', kept));
    const told = ({ plans }: typeof recorded) =>
      plans.answers.map(({ answer: { plan, origin, troubles } }) => ({ plan, origin, troubles }));
    expect(told(recorded).flatMap(({ troubles }) => troubles).length).toBeGreaterThan(2);

    expect(told(await run(memory('replay', kept)))).toEqual(told(recorded));
  });

  it('refuses a replay of what is not on record, also of another take or prompt', async () => {
    const kept = new Map<string, KeptPlan>();
    await planner(memory('record', kept))(question, never);

    await expect(planner(memory('replay', kept, 'second'))(question, never)).rejects.toThrow(/No answer of gpt-6\.1-terra is on record/);
    await expect(planner(memory('replay', kept), 'gpt-6.1-sol')(question, never)).rejects.toThrow(/is on record/);
    await expect(planner(memory('replay', kept))(question, never)).resolves.toMatchObject({ origin: 'model' });
  });

  it('keeps what the server sent word for word, under what it depends on', async () => {
    const cache = memory('record');
    await planner(cache)(question, never);

    const [plan] = [...cache.kept.values()];
    expect(plan).toMatchObject({ model: 'gpt-6.1-terra', promptHash: loadPrompt('aggressive_active').hash, take: '' });
    expect(plan?.answer).toMatchObject({ status: 200, requestId: expect.stringMatching(/^req_/), failure: null });
    expect(JSON.parse(plan?.answer.body ?? '')).toMatchObject({ output: [{ content: [{ text: json }] }] });
    expect(JSON.stringify(plan?.request)).toBe(JSON.stringify(server.asked.at(-1)?.body));
  });

  it.each<[string, ScriptedAnswer]>([
    ['never came', { kind: 'reset' }],
    ['was an error', status(401, error('No such key'))],
    ['says that the account is empty', status(429, error('Empty', 'insufficient_quota'))],
    ['was a page', { kind: 'body', status: 200, body: '<p>Log in', contentType: 'text/html' }],
    ['broke off', { kind: 'parts', output: [messageOf(json.slice(0, 90))], status: 'incomplete', reason: 'max_output_tokens' }],
    ['failed in the model', failed('The model broke')],
  ])('asks again for an answer that %s, and replays it as long as there is no other', async (_, bad) => {
    const kept = new Map<string, KeptPlan>();
    server.answer(() => bad);
    const first = await planner(memory('record', kept))(question, never);
    server.answer(() => text(GOOD_PROPOSAL));

    expect((await planner(memory('replay', kept))(question, never)).troubles).toEqual(first.troubles);
    expect(await planner(memory('record', kept))(question, never)).toMatchObject({ origin: 'model', cost: { calls: 1 } });
    expect(await planner(memory('replay', kept))(question, never)).toMatchObject({ origin: 'model' });
  });

  it('asks once and for all what the model refused', async () => {
    const kept = new Map<string, KeptPlan>();
    server.answer(() => output([{ type: 'refusal', refusal: 'No.' }]));
    await planner(memory('record', kept))(question, never);

    expect((await planner(memory('record', kept))(question, never)).cost?.calls).toBe(0);
  });

  it('gives two workers at once, and every replay, the same plans of a model that never says the same', async () => {
    const kept = new Map<string, KeptPlan>();
    server.answer(({ index, body }) => {
      const { triggers, ...rest } = proposalOf(planByRules(JSON.parse(body.input[0]?.content ?? '')));
      return text({ ...rest, triggers: triggers.map((trigger) => ({ ...trigger, stop: { kind: 'atr', value: 3 + index / 100 } })) });
    });

    const [one, other] = await Promise.all([run(memory('record', kept)), run(memory('record', kept))]);
    const replayed = await run(memory('replay', kept));

    expect(one.result.summary.total_trades).toBeGreaterThan(0);
    expect(other.result.result_hash).toBe(one.result.result_hash);
    expect(replayed.result.result_hash).toBe(one.result.result_hash);
    const paid = ({ plans }: typeof one) => plans.answers.reduce((sum, { answer }) => sum + (answer.cost?.paidUsd ?? 0), 0);
    expect(Math.min(paid(one), paid(other)), 'both have paid').toBeGreaterThan(0);
  });

  it('tells what a plan cost from what of it was paid this time', async () => {
    const kept = new Map<string, KeptPlan>();
    server.answer(({ body }) => (body.input.length === 1 ? text('no') : { kind: 'reset' }));
    await planner(memory('record', kept))(question, never);
    server.answer(() => text(GOOD_PROPOSAL));

    const { cost } = await planner(memory('record', kept))(question, never);

    expect(cost).toMatchObject({ calls: 1, pricesAsOf: PRICES_AS_OF });
    expect(cost?.usd).toBeCloseTo(2 * (cost?.paidUsd ?? 0), 12);
  });

  it('leaves a server alone that failed three times in a row, replays that as it was, and asks again when the run is given again', async () => {
    const kept = new Map<string, KeptPlan>();
    server.answer(() => status(503, error('Down'), { 'x-should-retry': 'false' }));
    const before = server.asked.length;
    const down = await run(memory('record', kept));

    const told = ({ plans }: typeof down) => plans.answers.map(({ answer: { troubles } }) => troubles.join());
    const calls = down.plans.answers.map(({ answer }) => answer.cost?.calls ?? null);
    expect(server.asked.length - before).toBe(3);
    expect(kept.size, 'nothing is recorded for a question that was not asked').toBe(3);
    expect(calls.slice(0, 4)).toEqual([1, 1, 1, null]);
    expect(told(down).slice(2, 4)).toEqual([
      "The model's server answered 503: Down",
      "not asked: the model's server failed 3 times in a row (last: The model's server answered 503: Down)",
    ]);
    expect(told(await run(memory('replay', kept)))).toEqual(told(down));

    modelByRules();
    expect((await run(memory('record', kept))).plans.answers.every(({ answer }) => answer.origin === 'model')).toBe(true);
  });

  it('does not take bad contents for a server that fails', async () => {
    server.answer(() => ({ kind: 'body', status: 200, body: '<p>Log in', contentType: 'text/html' }));
    const { plans } = await run(memory('record'));

    expect(plans.answers.length).toBeGreaterThan(4);
    expect(plans.answers.every(({ answer }) => answer.cost?.calls === 1)).toBe(true);
  });
});
