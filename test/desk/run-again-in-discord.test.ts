import { Client, Routes } from 'discord.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadKeptInput } from '../../src/desk/load-input.ts';
import { waitingPlanOf } from '../../src/desk/plan-of.ts';
import { backtest } from '../../src/engine/backtest.ts';
import { DAY_MS } from '../../src/engine/bar.ts';
import { runSpecSchema } from '../../src/engine/run-spec.ts';
import { validatePlan } from '../../src/engine/validate-plan.ts';
import { simulateCandles, simulateFunding } from '../../src/market/simulated.ts';
import { saveCandles } from '../../src/store/candles.ts';
import { saveFunding } from '../../src/store/funding.ts';
import { finishRun } from '../../src/store/runs.ts';
import { transact } from '../../src/store/transaction.ts';
import { askedRun, insertFinishedRun, insertQueuedRun, resultOfAskedRun } from '../support/runs.ts';
import { onDiscord } from './on-discord.ts';

const START_MS = Date.UTC(2025, 9, 1);
const uuid = (prefix: string) => `${prefix}-0000-4000-8000-000000000000`;
const OWN_PLAN = {
  regime: 'mixed',
  stance: 'active',
  rationale: 'None.',
  triggers: [
    {
      id: 'any',
      symbol: 'BTC-USD',
      timeframe: '5m',
      side: 'long',
      category: 'reversal',
      grade: 'A',
      entry: 'close > 0',
      stop: { kind: 'pct', pct: 1 },
    },
  ],
};

describe('a run executed again, in Discord', () => {
  const on = onDiscord();
  const mine = uuid('aaaa1111');
  const foreign = uuid('cccc1111');
  let elsewhere: { readonly guildId: string; readonly channelId: string };
  let stranger = '';

  beforeAll(async () => {
    const { guildId, channelId, userId } = on.playground.home;
    const { pool } = on.desk;
    elsewhere = on.playground.addGuild('Elsewhere');
    stranger = on.playground.addMember({ name: 'out', guildId: elsewhere.guildId });
    const range = { symbol: 'BTC-USD', startMs: START_MS, endMs: START_MS + 3 * DAY_MS, seed: 1 };
    await transact(pool, (tx) => saveFunding(tx, { source: 'simulated:1', symbol: 'BTC-USD', funding: simulateFunding(range) }));
    await insertFinishedRun(pool, { id: mine, guildId, channelId, requestedBy: userId });
    await insertFinishedRun(pool, { id: foreign, ...elsewhere, requestedBy: stranger });
  });

  const ask = async (command: string, options: Record<string, string> = {}) => {
    const press = await on.playground.slash({ command, options });
    return press.waitForReply();
  };

  /** A run of the same market that differs in something from what it was made with. */
  const changed = async (prefix: string, sql: string, values: readonly unknown[] = []) => {
    const { guildId, channelId } = on.playground.home;
    const id = uuid(prefix);
    await insertFinishedRun(on.desk.pool, { id, guildId, channelId });
    const { rowCount } = await on.desk.pool.query(sql, [id, ...values]);
    expect(rowCount, 'something was changed').toBe(1);
    return (await ask('runs verify', { id })).content;
  };

  describe('/runs verify', () => {
    it('says that a run nobody touched is identical', async () => {
      const { content } = await ask('runs verify', { id: 'aaaa1111' });

      expect(content).toMatch(/^\*\*Identical\*\* · run `aaaa1111`/);
      expect(content.match(/ =$/gm), 'every part is the same').toHaveLength(6);
    });

    it('names a setting that was changed, and its values', async () => {
      const text = await changed('dddd1111', `update runs set request = jsonb_set(request, '{settings,min_hold_bars}', '7') where id = $1`);

      expect(text).toMatch(/^\*\*Differs: settings\*\*/);
      expect(text).toMatch(/min_hold_bars: kept with the result \d, run again with 7/);
    });

    it('names settings that were changed in what is shown of the run', async () => {
      const text = await changed(
        'dddd2222',
        `update runs set result = jsonb_set(result, '{settings,max_trades_per_day}', '99') where id = $1`,
      );

      expect(text).toMatch(/^\*\*Differs: settings\*\*/);
      expect(text).toContain('max_trades_per_day: kept with the result 99');
    });

    it('names a plan that was changed', async () => {
      const request = { ...askedRun, strategyId: null, plan: OWN_PLAN };
      const text = await changed('dddd3333', 'update runs set request = $2 where id = $1', [request]);

      expect(text).toMatch(/^\*\*Differs: plan\*\*/);
      expect(text).toContain('1 trigger new (any)');
    });

    it('blames a setting alone, though with it more bars would have warmed the run up', async () => {
      const { pool } = on.desk;
      const { guildId } = on.playground.home;
      const range = { symbol: 'BTC-USD', startMs: START_MS - 5 * DAY_MS, endMs: START_MS + 3 * DAY_MS, seed: 2 };
      const spec = runSpecSchema.parse({ ...askedRun, candleSource: { kind: 'simulated', seed: 2 } });
      const id = await insertQueuedRun(pool, { guildId, request: spec });
      await transact(pool, (tx) =>
        saveCandles(tx, {
          source: 'simulated:2',
          symbol: 'BTC-USD',
          timeframe: '5m',
          candles: simulateCandles({ ...range, timeframe: '5m' }),
        }),
      );
      const [ran] = resultOfAskedRun().plans;
      if (ran === undefined) throw new Error('A run follows a plan.');
      const result = backtest(await loadKeptInput(pool, spec, { plan: ran.plan, settings: spec.settings }));
      await transact(pool, (tx) => finishRun(tx, { id, result }));
      const longer = { indicator_mode: 'custom', custom_indicator_periods: { sma_long: 500 } };
      await pool.query(`update runs set request = jsonb_set(request, '{settings}', request->'settings' || $2::jsonb) where id = $1`, [
        id,
        longer,
      ]);

      expect(result.data.warm_up_bars).toBeGreaterThan(20);
      expect((await ask('runs verify', { id })).content).toMatch(/^\*\*Differs: settings\*\*/);
    });

    it('follows the plans of a run that somebody planned, and names one of them that was changed', async () => {
      const { pool } = on.desk;
      const strategist = { style: 'rule-based', prompt: null, take: '', mode: 'replay', model: null };
      const spec = runSpecSchema.parse({ ...askedRun, strategyId: null, plan: null, strategist });
      const warmUp = waitingPlanOf(spec);
      if (warmUp === null) throw new Error('The run is planned.');
      const input = await loadKeptInput(pool, spec, { plan: warmUp, settings: spec.settings });
      const { plan } = validatePlan({ ...OWN_PLAN, stance: 'defensive' }, spec);
      const timeline = [{ from: START_MS + DAY_MS, plan }];
      const id = await insertQueuedRun(pool, { guildId: on.playground.home.guildId, request: spec });
      const result = backtest({ ...input, plan: OWN_PLAN, planned: { timeline, warmUp } });
      await transact(pool, (tx) => finishRun(tx, { id, result }));
      const before = await ask('runs verify', { id });
      await pool.query(`update runs set result = jsonb_set(result, '{plans,1,plan,stance}', '"wait"') where id = $1`, [id]);

      expect(result.plans).toHaveLength(2);
      expect(before.content).toContain('**Identical**');
      expect((await ask('runs verify', { id })).content).toMatch(/^\*\*Differs: plan\*\*/);
    });

    it('names another version of the engine', async () => {
      const text = await changed('dddd4444', `update runs set result = jsonb_set(result, '{engine_version}', '"1"') where id = $1`);

      expect(text).toMatch(/^\*\*Differs: engine\*\*/);
      expect(text).toContain('the run was made by version 1');
    });

    it('names a result that was made prettier', async () => {
      const text = await changed('dddd5555', `update runs set result = jsonb_set(result, '{trades,0,pnl}', '1000000') where id = $1`);

      expect(text).toMatch(/^\*\*Differs: result\*\*/);
      expect(text).toContain('trades: what is kept is not what came out');
    });

    it('names candles of which one bit was changed', async () => {
      const flip = `update candles set columns = set_bit(columns, 8 * 8 * (bar_count + 100), 1 - get_bit(columns, 8 * 8 * (bar_count + 100)))
                     where source = 'simulated:1' and day = '2025-10-02'`;
      await on.desk.pool.query(flip);
      const { content } = await ask('runs verify', { id: 'aaaa1111' });
      await on.desk.pool.query(flip);

      expect(content).toMatch(/^\*\*Differs: candles\*\*/);
      expect((await ask('runs verify', { id: 'aaaa1111' })).content).toContain('**Identical**');
    });
  });

  it('/runs why names the caps that cut entries, and what to turn', async () => {
    const { embeds } = await ask('runs why', { id: 'aaaa1111' });

    expect(embeds[0]?.description).toMatch(/\d+\*\* of \d+ entries cut: .*\n→ .*`max_/);
    expect(embeds[0]?.description).not.toContain('could not be asked');
  });

  describe('/runs playback', () => {
    it('begins where something happened, and steps on and back after the bot was started anew', async () => {
      const first = await ask('runs playback', { id: 'aaaa1111' });
      await on.stopBot();
      await on.startBot();
      const on1 = await on.playground.press({ messageId: first.id, button: '+1 bar' });
      const second = await on1.waitForReply(({ embeds }) => embeds[0]?.description !== first.embeds[0]?.description);
      const back = await on.playground.press({ messageId: first.id, button: '◀ event' });
      const again = await back.waitForReply(({ embeds }) => embeds[0]?.description !== second.embeds[0]?.description);

      const [entry] = resultOfAskedRun().trades;
      expect(first.embeds[0]?.description).toContain(`<t:${(entry?.entry_time ?? 0) / 1_000}:f>`);
      expect(first.embeds[1]?.description).toContain('**opened**');
      expect(first.attachments).toMatchObject([{ contentType: 'image/png', inEmbed: true }]);
      expect(barOf(second)).toBe(barOf(first) + 1);
      expect(
        again.embeds.map(({ description }) => description),
        'the same bar is the same card',
      ).toEqual(first.embeds.map(({ description }) => description));
    });

    it('begins at a time that is asked for', async () => {
      const reply = await ask('runs playback', { id: 'aaaa1111', at: '2025-10-02T12:07' });

      expect(reply.embeds[0]?.description).toContain(`<t:${Date.UTC(2025, 9, 2, 12, 5) / 1_000}:f>`);
    });

    it.each([['runs verify'], ['runs playback']])('%s knows nothing of a run of another server', async (command) => {
      expect((await ask(command, { id: foreign })).content).toBe(
        `There is no run "${foreign}" in this server; /runs list shows those there are`,
      );
    });

    it('gives nothing of another server to a button that was forged, and no bar that there is not', async () => {
      const rest = new Client({ intents: [], rest: { api: on.playground.restUrl } }).rest.setToken(on.playground.token);
      const press = async (customId: string, place: { readonly channelId: string }, user: string) => {
        const components = [{ type: 1, components: [{ type: 2, style: 2, label: 'Go', custom_id: customId }] }];
        const body = { content: 'one', components };
        const sent = (await rest.post(Routes.channelMessages(place.channelId), { body })) as { readonly id: string };
        const pressed = await on.playground.press({ messageId: sent.id, button: 'Go', user });
        await expect.poll(() => pressed.followUps()).toHaveLength(1);
        expect(pressed.reply()?.content).toBe('one');
        return pressed.followUps()[0]?.content;
      };
      const { home } = on.playground;

      expect(await press(`v1:playback:${mine}:5:on1`, elsewhere, stranger)).toContain('There is no run');
      expect(await press(`v1:playback:${mine}:99999:on1`, home, home.userId)).toContain('there is no bar 100000');
      expect(await press(`v1:playback:${mine}:-1:on1`, home, home.userId)).toContain('which is none');
      expect(on.errors).toEqual([]);
    });
  });
});

function barOf({ embeds }: { readonly embeds: readonly object[] }): number {
  return Number(/bar ([\d,]+) of/.exec(JSON.stringify(embeds))?.[1]?.replaceAll(',', ''));
}
