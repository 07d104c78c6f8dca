import type { ChildProcess } from 'node:child_process';
import { inspect } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runEnder } from '../../src/desk/end-run.ts';
import type { MessageView } from '../../src/playground/view.ts';
import { insertFinishedRun, resultOfAskedRun } from '../support/runs.ts';
import { onDiscord } from './on-discord.ts';
import { killBot, spawnBot } from './spawn-bot.ts';

const MINUTE_MS = 60_000;
const WAIT_MS = 15_000;

/** Where the bars come from is settled by the worker. */
const SETTLED = { candleSource: { kind: 'simulated', seed: 1 } };

describe('a result reaches the channel', () => {
  let skippedMs = 0;
  const on = onDiscord({ clock: () => Date.now() + skippedMs, rateLimits: 'off' });
  const children: ChildProcess[] = [];

  // Their picture is drawn from bars that are there.
  beforeAll(() => insertFinishedRun(on.desk.pool));

  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** Asks for a backtest in a channel of its own; no worker takes it. */
  async function ask() {
    const channelId = on.playground.addChannel({ name: 'floor' });
    const press = await on.playground.slash({ command: 'backtest', options: { preset: 'scalper-5m' }, channelId });
    await press.waitForReply(({ content }) => content.includes('Queued'), WAIT_MS);
    const { rows } = await on.desk.pool.query<{ id: string }>('select id from runs order by created_at desc limit 1');
    const runId = rows[0]?.id ?? '';
    const cards = () => on.playground.channel(channelId).messages.filter(({ embeds }) => embeds.length > 0);
    const end = async () => {
      await on.desk.pool.query('update runs set request = request || $2 where id = $1', [runId, SETTLED]);
      await runEnder(on.desk.pool).saveResult(runId, { result: resultOfAskedRun(), records: [] });
    };
    return { press, runId, channelId, cards, end };
  }
  type Asked = Awaited<ReturnType<typeof ask>>;

  const outbox = async ({ runId }: Asked) => {
    const { rows } = await on.desk.pool.query('select state, attempts, message_id from outbox where run_id = $1', [runId]);
    return rows[0];
  };
  const arrived = async (asked: Asked) => {
    await expect.poll(async () => (await outbox(asked))?.state, { timeout: WAIT_MS }).toBe('sent');
    expect(asked.cards()).toHaveLength(1);
    const [card] = asked.cards() as [MessageView];
    expect(await outbox(asked)).toMatchObject({ message_id: card.id });
    return card;
  };

  const startProcess = async () => {
    const child = await spawnBot(on);
    children.push(child);
    return child;
  };

  it('when the bot was down as the run ended; its reply goes on too', async () => {
    const asked = await ask();
    await on.stopBot();
    await asked.end();
    await on.startBot();

    const card = await arrived(asked);
    const reply = await asked.press.waitForReply(({ content }) => content.includes('Done'), WAIT_MS);

    expect(card.pings.users).toEqual([on.playground.home.userId]);
    expect(reply.components).toEqual([]);
    const { rows } = await on.desk.pool.query('select run_id from run_replies where run_id = $1', [asked.runId]);
    expect(rows, 'after its last word nobody needs the token').toEqual([]);
    expect(on.errors).toEqual([]);
  });

  it('when the token of the reply is dead by then', async () => {
    const asked = await ask();
    const before = asked.press.reply()?.content;
    skippedMs += 16 * MINUTE_MS;
    await asked.end();

    await arrived(asked);

    expect(asked.press.reply()?.content, 'nobody can edit it any more').toBe(before);
    expect(on.errors).toEqual([]);
  });

  it('when the bot starts again after the token is dead, and leaves the old reply as it is', async () => {
    const asked = await ask();
    await on.stopBot();
    await on.desk.pool.query(`update run_replies set replied_at = now() - interval '16 minutes' where run_id = $1`, [asked.runId]);
    const edits = asked.press.reply()?.revisions.length;
    await asked.end();
    await on.startBot();

    await arrived(asked);

    expect(asked.press.reply()?.revisions).toHaveLength(edits ?? 0);
  });

  it.each([
    ['Discord says 429', { kind: 'rate-limit', retryAfterMs: 300, scope: 'user' }, 2],
    ['Discord answers 503', { kind: 'status', status: 503, applied: false }, 4],
    ['Discord has it and answers 500', { kind: 'status', status: 500, applied: true }, 4],
    ['the connection ends rudely after Discord had it', { kind: 'reset', applied: true }, 1],
    ['the connection ends politely before Discord had it', { kind: 'hang-up', applied: false }, 1],
  ] as const)('once, when %s', async (_, fault, times) => {
    const asked = await ask();
    on.playground.failNext({ route: 'send-message', times, fault });
    await asked.end();

    await arrived(asked);
    on.errors.length = 0;
  });

  it('once, when the process is killed after Discord had it and before that is noted', async () => {
    const asked = await ask();
    await on.stopBot();
    const child = await startProcess();
    on.playground.failNext({ route: 'send-message', times: 1, fault: { kind: 'delay', delayMs: 1_500 } });
    await asked.end();
    await expect.poll(async () => (await outbox(asked))?.state, { timeout: WAIT_MS }).toBe('sending');
    const client = await on.desk.pool.connect();
    await client.query('begin');
    await client.query('select from outbox where run_id = $1 for update', [asked.runId]);
    await expect.poll(asked.cards, { timeout: WAIT_MS }).toHaveLength(1);
    await killBot(child);
    // The statement of the process that died would still be done once the row is free; with a power cut it would not.
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    await client.query('rollback');
    client.release();
    expect(await outbox(asked), 'it has been posted, and nobody knows').toMatchObject({ state: 'sending', message_id: null });

    skippedMs += 10 * MINUTE_MS;
    await on.startBot();

    const card = await arrived(asked);
    expect(card.content).not.toContain('possible repeat');
  });

  it('and its reply goes on, when the process was killed that had deferred it', async () => {
    await on.stopBot();
    const child = await startProcess();
    const asked = await ask();
    await killBot(child);
    await asked.end();

    await on.startBot();

    await arrived(asked);
    const reply = await asked.press.waitForReply(({ content }) => content.includes('Done'), WAIT_MS);
    expect(reply.content).toMatch(/^\*\*Backtest\*\* BTC-USD · 5m · last 3 days · preset scalper-5m/);
  });

  it('or is given up and told to the operator when the channel is gone, and holds up no other', async () => {
    const gone = await ask();
    const other = await ask();
    on.playground.removeChannel(gone.channelId);
    await gone.end();
    await other.end();

    await arrived(other);

    await expect.poll(async () => (await outbox(gone))?.state, { timeout: WAIT_MS }).toBe('failed');
    expect(JSON.stringify(on.errors.map(String))).toContain(gone.channelId);
    on.errors.length = 0;
  });

  it('without the token of any reply in what is reported', async () => {
    const openReplies = async () => (await on.desk.pool.query('select from run_replies')).rowCount;
    await expect.poll(openReplies, { timeout: WAIT_MS, message: 'another edit would take its share of the failures' }).toBe(0);
    const asked = await ask();
    const { rows } = await on.desk.pool.query<{ token: string }>('select token from run_replies where run_id = $1', [asked.runId]);
    const [{ token }] = rows as [{ token: string }];
    on.playground.failNext({ route: 'edit-answer', times: 4, fault: { kind: 'status', status: 500, applied: false } });
    await asked.end();
    await arrived(asked);
    await expect.poll(() => on.errors, { timeout: WAIT_MS }).not.toEqual([]);

    expect(token.length).toBeGreaterThan(10);
    expect(inspect(on.errors, { depth: 10, showHidden: true })).not.toContain(token);
    on.errors.length = 0;
  });
});
