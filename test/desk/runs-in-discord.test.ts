import { gunzipSync } from 'node:zlib';
import { Client, Routes } from 'discord.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportMessage } from '../../src/commands/export-run.ts';
import { equityFromPairs } from '../../src/engine/equity-curve.ts';
import { runAsJson, tradesAsCsv } from '../../src/render/run-export.ts';
import { refuseRun } from '../../src/store/runs.ts';
import { transact } from '../../src/store/transaction.ts';
import { insertFinishedRun, insertQueuedRun, resultOfAskedRun } from '../support/runs.ts';
import { onDiscord } from './on-discord.ts';

const RUNS = 23;
const uuid = (prefix: string) => `${prefix}-0000-4000-8000-000000000000`;

describe('/runs in Discord', () => {
  const on = onDiscord();
  const mine = uuid('aaaa1111');
  const foreign = uuid('cccc1111');
  const refused = uuid('aaaa2222');
  let elsewhere: { readonly guildId: string; readonly channelId: string };
  let stranger = '';

  beforeAll(async () => {
    const { guildId, channelId, userId } = on.playground.home;
    const { pool } = on.desk;
    elsewhere = on.playground.addGuild('Elsewhere');
    stranger = on.playground.addMember({ name: 'out', guildId: elsewhere.guildId });
    await insertFinishedRun(pool, { id: mine, guildId, channelId, requestedBy: userId });
    await insertFinishedRun(pool, { id: foreign, ...elsewhere, requestedBy: stranger });
    await insertQueuedRun(pool, { id: refused, guildId });
    await transact(pool, (tx) => refuseRun(tx, { id: refused, reason: 'There are no *bars*' }));
    for (let count = 2; count < RUNS; count++) await insertQueuedRun(pool, { guildId, channelId, requestedBy: userId });
  });

  const ask = async (command: string, options: Record<string, string> = {}) => {
    const press = await on.playground.slash({ command, options });
    return press.waitForReply();
  };
  const ids = (text: string) => [...text.matchAll(/^([0-9a-f]{8}) /gm)].map(([, id]) => id);

  it('turns the pages of the list there and back, each run once, newest first', async () => {
    const { id: messageId, ...first } = await ask('runs list');
    const seen = [ids(first.content)];
    for (let page = 2; page <= 3; page++) {
      const press = await on.playground.press({ messageId, button: '▶' });
      const turned = await press.waitForReply(({ components }) => JSON.stringify(components).includes(`"${page}/3"`));
      seen.push(ids(turned.content));
    }

    expect(seen.map((page) => page.length)).toEqual([10, 10, 3]);
    expect(new Set(seen.flat()).size).toBe(RUNS);
    expect(seen[2]?.at(-1)).toBe('aaaa1111');
    await expect(on.playground.press({ messageId, button: '▶' })).rejects.toThrow('is disabled');
    const back = await on.playground.press({ messageId, button: '◀' });
    expect(ids((await back.waitForReply(({ components }) => JSON.stringify(components).includes('"2/3"'))).content)).toEqual(seen[1]);
  });

  it('turns pages after the bot was started anew: a button means what it says', async () => {
    const { id: messageId } = await ask('runs trades', { id: 'aaaa1111' });
    await on.stopBot();
    await on.startBot();

    const press = await on.playground.press({ messageId, button: '▶' });
    const turned = await press.waitForReply(({ content }) => content.includes('6–10 of'));

    expect(turned.content).toContain('#6 ');
  });

  it('shows a run again with its card and picture', async () => {
    const reply = await ask('runs show', { id: 'aaaa1' });

    expect(reply.content).toMatch(/% net, \d+ trades/);
    expect(reply.embeds[0]?.footer?.text).toContain('run aaaa1111');
    expect(reply.attachments).toMatchObject([{ contentType: 'image/png', inEmbed: true }]);
    expect(reply.pings.users, 'who looks at a run pings nobody').toEqual([]);
  });

  it('shows why a run was refused, and where one is that waits', async () => {
    expect((await ask('runs show', { id: 'aaaa2222' })).content).toContain('Refused: There are no \\*bars\\*');
    const [newest] = ids((await ask('runs list')).content);
    const waiting = await ask('runs show', { id: newest ?? '' });

    expect(waiting.content).toMatch(/Queued: \d+ before it\./);
    expect(JSON.stringify(waiting.components)).toContain('Cancel run');
  });

  it('exports the trades and the whole run as files', async () => {
    const result = resultOfAskedRun();
    const [csv] = (await ask('runs export', { id: 'aaaa1111', format: 'csv' })).attachments;
    const [json] = (await ask('runs export', { id: 'aaaa1111', format: 'json' })).attachments;

    expect(Buffer.from(csv?.bytes ?? []).toString()).toBe(tradesAsCsv(result.trades));
    expect(JSON.parse(Buffer.from(json?.bytes ?? []).toString())).toEqual(JSON.parse(JSON.stringify(runAsJson(mine, result))));
    expect([csv?.name, json?.name]).toEqual(['backtest-aaaa1111.csv', 'backtest-aaaa1111.json']);
  });

  it('compresses an export that is too large for Discord', async () => {
    const equity = equityFromPairs(Array.from({ length: 600_000 }, (_, index) => [1_760_000_000_000 + index, 10_000] as const));
    const { files, content } = await exportMessage(mine, { ...resultOfAskedRun(), equity }, 'json');

    expect(files).toMatchObject([{ name: 'backtest-aaaa1111.json.gz' }]);
    expect(content).toContain('json, compressed');
    expect(JSON.parse(gunzipSync(files[0]?.bytes ?? new Uint8Array()).toString()).equity).toHaveLength(600_000);
  });

  it.each([
    ['an id of another server, whole', 'runs show', foreign],
    ['an id of another server, its beginning', 'runs show', 'cccc1111'],
    ['its trades', 'runs trades', 'cccc1111'],
    ['its blocks', 'runs why', 'cccc1111'],
  ])('knows nothing of %s', async (_, command, id) => {
    expect((await ask(command, { id })).content).toBe(
      `There is no ${command === 'runs show' ? 'run or comparison' : 'run'} "${id}" in this server; /runs list shows those there are`,
    );
  });

  it('refuses a beginning that two ids share, and names them', async () => {
    const { content } = await ask('runs show', { id: 'aaaa' });

    expect(content).toContain('begins the ids of more than one run');
    expect(content).toContain('aaaa1111-');
    expect(content).toContain('aaaa2222-');
  });

  it('suggests the runs of this server alone', async () => {
    const suggest = (place: { user?: string; guildId?: string; channelId?: string } = {}) =>
      on.playground.autocomplete({ command: 'runs show', option: 'id', text: '', ...place });

    expect(await suggest()).toHaveLength(RUNS);
    expect((await suggest({ ...elsewhere, user: stranger })).map(({ value }) => value)).toEqual([foreign]);
    expect(await on.playground.autocomplete({ command: 'runs show', option: 'id', text: 'cccc1111' })).toEqual([]);
  });

  it('gives nothing of another server to a button that was forged', async () => {
    const rest = new Client({ intents: [], rest: { api: on.playground.restUrl } }).rest.setToken(on.playground.token);
    const post = async (customId: string) => {
      const components = [{ type: 1, components: [{ type: 2, style: 2, label: 'Go', custom_id: customId }] }];
      const sent = (await rest.post(Routes.channelMessages(elsewhere.channelId), { body: { content: 'one', components } })) as {
        readonly id: string;
      };
      return sent.id;
    };
    const queued = await insertQueuedRun(on.desk.pool, { guildId: on.playground.home.guildId });

    for (const customId of [`v1:trades:1:${mine}`, `v1:cancel:${queued}`]) {
      const press = await on.playground.press({ messageId: await post(customId), button: 'Go', user: stranger });
      await expect.poll(() => press.followUps()).toHaveLength(1);
      expect(press.followUps()[0]?.content).toContain('There is no run');
      expect(press.reply()?.content).toBe('one');
    }
    const { rows } = await on.desk.pool.query('select state from runs where id = $1', [queued]);
    expect(rows).toEqual([{ state: 'queued' }]);
    expect(on.errors).toEqual([]);
  });
});
