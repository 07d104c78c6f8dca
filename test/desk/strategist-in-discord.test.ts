import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningWorker, startWorker } from '../../src/desk/start-worker.ts';
import type { RunResult } from '../../src/engine/result.ts';
import type { MessageView } from '../../src/playground/view.ts';
import { GOOD_PROPOSAL } from '../strategist/sample.ts';
import { openLoopbackOpenAi } from '../support/loopback-openai.ts';
import { onDiscord } from './on-discord.ts';

const WAIT_MS = 20_000;
const KEY = 'sk-test-0123456789abcdef';
const server = await openLoopbackOpenAi();

describe('a strategist in Discord', () => {
  const on = onDiscord({ rateLimits: 'off' }, { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.baseUrl });
  let worker: RunningWorker;

  beforeAll(async () => {
    worker = await startWorker(on.desk);
    // The second plan is another one, with a trigger that does not fit; its words try to be more than words.
    server.answer(({ body }) => {
      const isFirst = body.input[0]?.content.includes('"trigger":"first_plan"') === true;
      return { kind: 'text', text: JSON.stringify(isFirst ? FIRST_PROPOSAL : LATER_PROPOSAL) };
    });
  });

  afterAll(async () => {
    await worker.close(5_000);
    await server.close();
  });

  const channel = () => on.playground.channel(on.playground.home.channelId);
  const ask = async (command: string, options: Readonly<Record<string, string | number>> = {}) =>
    (await on.playground.slash({ command, options })).waitForReply(({ loading }) => !loading, WAIT_MS);
  const fieldsOf = ({ embeds }: Pick<MessageView, 'embeds'>) => new Map((embeds[0]?.fields ?? []).map(({ name, value }) => [name, value]));

  /** The next result that is posted. */
  const backtest = async () => {
    const cards = () => channel().messages.filter(({ answers, attachments }) => answers === null && attachments.length > 0);
    const before = cards().length;
    const press = await on.playground.slash({ command: 'backtest', options: BACKTEST });
    await press.waitForReply(({ content }) => content.includes('Done'), WAIT_MS);
    await expect.poll(() => cards().length, { timeout: WAIT_MS }).toBe(before + 1);
    const card = cards().at(-1);
    if (card === undefined) throw new Error('There is no card.');
    const { rows } = await on.database.pool.query<{ result: RunResult }>(
      "select result from runs where state = 'done' order by created_at desc limit 1",
    );
    return { card, result: (rows[0] as { result: RunResult }).result };
  };

  it('plans a backtest as it goes, says who planned and what it cost, and asks nothing when the run is given again', async () => {
    const first = await backtest();
    const calls = server.asked.length;
    const again = await backtest();

    expect(on.errors).toEqual([]);
    expect(calls, 'the first plan and two hours of the schedule, asked once more for the trigger that does not fit').toBe(5);
    expect(server.asked.length).toBe(calls);
    expect(again.result.result_hash).toBe(first.result.result_hash);
    expect(first.result.plans).toHaveLength(3);
    const told = fieldsOf(first.card).get('Strategist') ?? '';
    expect(told).toMatch(/^planner: gpt-6\.1-terra, conservative [0-9a-f]{8}\nthe first plan, 2 scheduled, 0 asked for by the market\n/);
    expect(told).toContain('25,000 tokens in (20,000 cached), 3,000 out · 0.021 USD · 5 calls · prices of 2026-11-22');
    expect(told).toContain('**Model may have seen this period**');
    expect(fieldsOf(again.card).get('Strategist')).toContain('nothing was paid this time');
    expect(fieldsOf(first.card).get('Plan and margin')).toContain('First plan: 1 trigger');
  });

  it('shows a plan as a trader reads it, with what was left out and what changed, and pages through them', async () => {
    const last = await ask('strategy plan');
    expect(last.embeds[0]?.title).toBe('Plan 3 of 3 · BTC-USD 5m · simulated market');

    const second = await ask('strategy plan', { at: '2025-10-01T08:00' });
    const text = second.embeds[0]?.description ?? '';
    expect(second.embeds[0]?.title).toContain('Plan 2 of 3');
    expect(text).toMatch(
      /^\*\*Falling market, trades at half the risk\*\*: 1 way in \(1 short\)\nAsked for at <t:\d+:f>: scheduled, 08:00 UTC\n/,
    );
    expect(text, 'nothing that a model writes is more than words').toContain('\\*\\*Sell\\*\\* \\<@1> @everyone');
    expect(text).toContain('- enter when all of:\n  - close crosses below donchian_low (1 bar ago)\n  - close (1h) below sma_medium (1h)');
    expect(text).toMatch(
      /- stop 4 ATRs \(then \d\.\d\d %\) · target 2 × the stop \(then \d\.\d\d %\) · reward:risk 2\.0, after costs [\d.−]+/,
    );
    const fields = fieldsOf(second);
    expect(fields.get('Against the plan before')).toBe(
      '- regime: bull → bear\n- stance: active → defensive\n- new: `btc-break-short`\n- gone: `btc-break-long`\n- a position that is open keeps the stop, target and exit it was opened with',
    );
    expect(fields.get('Left out')).toContain('`other`: entry: close@1d is not among the run');
    expect(fields.get('Cost'), 'the newest run was answered from the record').toContain('10,000 tokens in');

    const pressed = await on.playground.press({ messageId: second.id, button: '◀' });
    const before = await pressed.waitForReply(({ embeds }) => embeds[0]?.title?.includes('Plan 1 of 3') === true);
    expect(before.embeds[0]?.description).toContain('The hour rises; wait for a break on volume.');
  });

  it('executes a planned run again as it was, whoever planned it', async () => {
    const asked = server.asked.length;
    const { rows } = await on.database.pool.query<{ id: string; model: string }>(
      "select id, request->'strategist'->>'model' as model from runs order by created_at limit 1",
    );

    expect(rows[0]?.model, 'who plans was settled').toBe('gpt-6.1-terra');
    expect((await ask('runs verify', { id: rows[0]?.id ?? '' })).content).toMatch(/^\*\*Identical\*\*/);
    expect(server.asked.length).toBe(asked);
  });

  it('lets the variants of a comparison follow the plans of their base', async () => {
    const asked = server.asked.length;
    const press = await on.playground.slash({ command: 'compare', options: { ...BACKTEST, leverage: '1,3' } });
    await press.waitForReply(({ content }) => content.includes('Done'), WAIT_MS);

    const { rows } = await on.database.pool.query<{ id: string; plans: string; leverage: string }>(
      `select id, result->>'plans' as plans, result->'settings'->>'max_portfolio_exposure_pct' as leverage
         from runs where id in (select unnest(variant_run_ids) from comparison_runs)`,
    );
    expect(rows.map(({ leverage }) => leverage).sort()).toEqual(['100', '300']);
    expect(new Set(rows.map(({ plans }) => plans)).size).toBe(1);
    expect(rows[0]?.plans).toContain('btc-break-short');
    expect(server.asked.length, 'its base is the run above').toBe(asked);

    const ids = (await on.database.pool.query<{ id: string; base: string }>('select id, base_run_id as base from comparison_runs')).rows[0];
    const base = ids?.base.slice(0, 8) ?? '';
    const shown = fieldsOf(await ask('runs show', { id: ids?.id.slice(0, 8) ?? '' }));
    expect(shown.get('Strategist')).toMatch(/^planner: gpt-6\.1-terra, conservative .*\nthe first plan, 2 scheduled/);
    expect(shown.get('Strategist')).toContain('nothing was paid this time');
    expect(shown.get('Strategist')).toContain('**Model may have seen this period**');
    expect(shown.get('Strategist')).toContain(`/strategy plan id:${base}`);
    expect(shown.get('Plan and margin')).toContain('Plans of the strategist, the same plans for every variant');
    const variant = await ask('runs show', { id: rows[0]?.id ?? '' });
    expect(fieldsOf(variant).get('Strategist')).toContain(`follows the plans of base run \`${base}\``);
    const plan = await ask('strategy plan', { id: rows[0]?.id ?? '', at: '2' });
    expect(plan.embeds[0]?.footer?.text).toContain(`follows the plans of base run ${base}`);
    expect(fieldsOf(plan).get('Left out'), 'what was asked and dropped is told as of the base').toContain('`other`');
  });

  it('plans at once on the latest bars, and shows strategies as files', async () => {
    const asked = server.asked.length;
    const now = await ask('strategy replan', { timeframe: '5m', strategist: 'mean_reversion' });
    const list = await ask('strategy list');
    const prompt = await ask('strategy show', { name: 'prompt:conservative' });

    expect(on.errors).toEqual([]);
    expect(server.asked.length).toBe(asked + 1);
    expect(now.content).toMatch(/^\*\*Simulated market\*\*.*\nNothing trades by it/);
    expect(now.embeds[0]?.title).toBe('Plan from now on · BTC-USD 5m');
    expect(now.embeds[0]?.footer?.text).toMatch(/^planner: gpt-6\.1-terra, mean_reversion/);
    expect(list.content).toContain('`gpt-6.1-terra` plans');
    expect(prompt.attachments[0]?.name).toMatch(/^prompt-conservative-[0-9a-f]{8}\.md$/);
    expect(new TextDecoder().decode(prompt.attachments[0]?.bytes)).toContain('Patient trading');
  });

  it('keeps the key to itself', async () => {
    const { rows } = await on.database.pool.query(
      'select (select json_agg(p) from plan_cache p)::text || (select json_agg(e) from replan_events e)::text as kept',
    );

    expect(JSON.stringify(rows)).toContain('btc-break-short');
    expect(JSON.stringify(rows)).not.toContain(KEY);
    expect(JSON.stringify(channel().messages)).not.toContain(KEY);
  });

  it('is refused where it cannot be meant, before anything is asked', async () => {
    const press = await on.playground.slash({ command: 'strategy replan', options: { symbols: 'BTCUSD' } });

    expect((await press.waitForReply()).content).toContain('BTCUSD');
    expect((await ask('strategy show', { name: 'prompt:conservativ' })).content).toContain('the nearest is prompt:conservative');
    expect((await ask('strategy plan', { id: 'ffffffff' })).content).toContain('There is no run "ffffffff"');
  });
});

const BACKTEST = { preset: 'scalper-5m', start: '2025-10-01', end: '2025-10-02', strategist: 'conservative' };

const [BREAK] = GOOD_PROPOSAL.triggers;
if (BREAK === undefined) throw new Error('The sample has a trigger.');

/** The levels of the sample are those of another market, and costs are higher here. */
const WIDE = { ...BREAK, stop: { kind: 'atr', value: 4 } };
const FIRST_PROPOSAL = { ...GOOD_PROPOSAL, triggers: [WIDE], levels: [] };

const LATER_PROPOSAL = {
  ...FIRST_PROPOSAL,
  regime: 'bear',
  stance: 'defensive',
  rationale: '**Sell** <@1> @everyone while the hour falls.',
  triggers: [
    {
      ...WIDE,
      id: 'btc-break-short',
      side: 'short',
      entry: 'close crosses_below donchian_low[1] and close@1h < sma_medium@1h',
      exit: null,
    },
    { ...WIDE, id: 'other', entry: 'close@1d > 0' },
  ],
};
