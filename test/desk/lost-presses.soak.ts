import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Press } from '../../src/playground/press.ts';
import { PRESS_LOST } from '../../src/store/pressed-interactions.ts';
import { onDiscord } from './on-discord.ts';
import { killBot, spawnBot } from './spawn-bot.ts';

const MINUTE_MS = 60_000;
const WAIT = { timeout: 15_000 };

const OPTIONS = { preset: 'scalper-5m', symbols: 'eth-usd', set: 'min_hold_bars=2 max_position_risk_pct=4' };
const LOST = [
  'Scalpdesk was restarted or cut off before it could answer this command. No run was started. Give it again:',
  '```',
  '/backtest preset:scalper-5m symbols:eth-usd set:min_hold_bars=2 max_position_risk_pct=4',
  '```',
].join('\n');

describe('a command whose bot is killed before it could answer', () => {
  let skippedMs = 0;
  const on = onDiscord({ clock: () => Date.now() + skippedMs, rateLimits: 'off' });
  const children: ChildProcess[] = [];
  let undo: () => Promise<unknown> = async () => {};

  beforeEach(on.stopBot);
  afterEach(async () => {
    await undo();
    undo = async () => {};
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await on.stopBot();
    await on.desk.pool.query('delete from pressed_interactions; delete from runs');
    expect(on.errors).toEqual([]);
  });

  const start = async () => {
    const child = await spawnBot(on);
    children.push(child);
    return child;
  };
  /** Whoever wants the table waits until it is called. */
  async function holdUp(table: string): Promise<() => Promise<void>> {
    const client = await on.desk.pool.connect();
    await client.query('begin');
    await client.query(`lock table ${table} in access exclusive mode`);
    const release = async () => {
      undo = async () => {};
      await client.query('rollback');
      client.release();
    };
    undo = release;
    return release;
  }
  const isWrittenDown = async (press: Press) => {
    const { rowCount } = await on.desk.pool.query('select from pressed_interactions where interaction_id = $1', [press.interactionId]);
    return rowCount === 1;
  };
  /** What a killed process asked for is not done after all, as when the power is cut. */
  const cutOff = () =>
    on.desk.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
  /** Kills a bot between its acknowledgement and the row of the run. */
  async function loseBacktest(): Promise<Press> {
    const child = await start();
    const release = await holdUp('runs');
    const press = await on.playground.slash({ command: 'backtest', options: OPTIONS });
    expect(await press.firstAnswer()).toMatchObject({ kind: 'defer' });
    await expect.poll(() => isWrittenDown(press), WAIT).toBe(true);
    await killBot(child);
    await cutOff();
    await release();
    expect(press.reply()).toMatchObject({ loading: true, content: '' });
    return press;
  }
  const endLeases = () => on.desk.pool.query(`update pressed_interactions set leased_until = now() where answered_at is null`);
  const answered = async () =>
    (await on.desk.pool.query<{ done: boolean }>('select answered_at is not null and token is null as done from pressed_interactions'))
      .rows;
  const runs = async () => (await on.desk.pool.query('select from runs')).rowCount;

  it('is told by the next bot what to type again, in the reply itself, once, long before the lease is over', async () => {
    const press = await loseBacktest();
    await on.startBot();

    const reply = await press.waitForReply(undefined, WAIT.timeout);

    expect(reply).toMatchObject({ content: LOST, components: [], loading: false });
    await expect.poll(answered, WAIT).toEqual([{ done: true }]);
    expect(await runs()).toBe(0);
    await on.stopBot();
    await on.startBot();
    expect(press.reply()?.revisions, 'thinking, then the words').toHaveLength(2);
    expect(press.followUps()).toEqual([]);
  });

  it('hears it from a bot that was there all the time, soon after the lease, when nobody can see that the other is gone', async () => {
    const press = await loseBacktest();
    await on.desk.pool.query('update pressed_interactions set held_by = null');
    await on.startBot();
    expect(press.reply(), 'somebody may still answer').toMatchObject({ loading: true });
    await endLeases();

    expect((await press.waitForReply(undefined, WAIT.timeout)).content).toBe(LOST);
  });

  it('is told in the channel when its reply cannot be written any more', async () => {
    const press = await loseBacktest();
    skippedMs += 16 * MINUTE_MS;
    await on.desk.pool.query(`update pressed_interactions set leased_until = now(), pressed_at = pressed_at - interval '16 minutes'`);
    const { userId } = on.playground.home;
    const posts = () => on.playground.channel().messages.filter(({ answers, content }) => answers === null && content.includes(userId));
    await on.startBot();

    await expect.poll(posts, WAIT).toHaveLength(1);

    expect(posts()[0]?.content.startsWith(`<@${userId}> ${LOST}`)).toBe(true);
    expect(posts()[0]?.pings.users).toEqual([userId]);
    await expect.poll(answered, WAIT).toEqual([{ done: true }]);
    const { rows } = await on.desk.pool.query('select kind, state from outbox');
    expect(rows).toEqual([{ kind: PRESS_LOST, state: 'sent' }]);
    expect(press.reply()?.revisions).toHaveLength(1);
  });

  it('is left to a bot that is alive, however long it takes', async () => {
    await start();
    const release = await holdUp('candles');
    const press = await on.playground.slash({ command: 'candles coverage' });
    await expect.poll(() => isWrittenDown(press), WAIT).toBe(true);
    await on.desk.pool.query(`update pressed_interactions set leased_until = now() + interval '5500 milliseconds'`);
    // The other one looks while the first still works, and after the lease would have been over.
    await on.startBot();
    await new Promise((resolve) => setTimeout(resolve, 6_500));
    expect(press.reply()?.loading, 'the lease was renewed').toBe(true);
    await on.stopBot();
    await release();
    await press.waitForReply(undefined, WAIT.timeout);

    expect(press.reply()?.revisions).toHaveLength(2);
    expect(press.reply()?.content).not.toContain('restarted');
  }, 40_000);

  it('keeps its answer when that had arrived and only the note of it was lost', async () => {
    await on.startBot();
    const press = await on.playground.slash({ command: 'desk help' });
    const { content } = await press.waitForReply();
    await expect.poll(answered, WAIT).toEqual([{ done: true }]);
    const { interactionId } = press;
    await on.desk.pool.query(
      `update pressed_interactions set answered_at = null, token = $2, leased_until = now() where interaction_id = $1`,
      [interactionId, tokenOf(interactionId)],
    );

    await expect.poll(answered, WAIT).toEqual([{ done: true }]);

    expect(press.reply()).toMatchObject({ content, revisions: { length: 2 } });
  });

  it('starts nothing any more once people were told so', async () => {
    await on.startBot();
    const release = await holdUp('runs');
    const press = await on.playground.slash({ command: 'backtest', options: OPTIONS });
    await expect.poll(() => isWrittenDown(press), WAIT).toBe(true);
    await on.desk.pool.query('update pressed_interactions set given_up_at = now()');
    await release();

    const reply = await press.waitForReply();

    expect(reply.content).toBe('This took too long and was given up; nothing was started. Give the command again.');
    expect(await runs()).toBe(0);
  });

  it('has one effect when Discord brings it twice, also to two processes', async () => {
    await start();
    await on.startBot();

    const press = await on.playground.slash({ command: 'backtest', options: { preset: 'scalper-5m' } });
    await press.waitForReply(({ content }) => content.includes('Queued'), WAIT.timeout);
    const callbacks = () => on.playground.requests.filter(({ path }) => path.includes(press.interactionId));
    await expect.poll(callbacks, WAIT).toHaveLength(2);
    await new Promise((resolve) => setTimeout(resolve, 500));

    expect(await runs(), 'both have tried to acknowledge it').toBe(1);
    expect(on.playground.channel().messages.filter(({ content }) => content.includes('broke'))).toEqual([]);
  });

  it('was a button: who pressed it hears alone that it may have had no effect', async () => {
    await on.startBot();
    const asked = await on.playground.slash({ command: 'backtest', options: { preset: 'scalper-5m' } });
    const { id: messageId, content } = await asked.waitForReply(({ content }) => content.includes('Queued'), WAIT.timeout);
    await on.stopBot();
    const child = await start();
    const release = await holdUp('runs');
    const press = await on.playground.press({ messageId, button: 'Cancel run' });
    await expect.poll(() => isWrittenDown(press), WAIT).toBe(true);
    await press.firstAnswer(WAIT.timeout);
    await killBot(child);
    await cutOff();
    await release();
    await on.startBot();

    await expect.poll(() => press.followUps(), WAIT).toHaveLength(1);

    const words =
      'Scalpdesk was restarted or cut off before it could answer this button. It may have had no effect. Press it again:\n```\nCancel run\n```';
    expect(press.followUps()).toMatchObject([{ content: words, ephemeral: true }]);
    expect(asked.reply()?.content).toBe(content);
    expect(asked.reply()?.components).toHaveLength(1);
  });

  const tokenOf = (interactionId: string) => Buffer.from(`interaction:${interactionId}:of the playground`).toString('base64url');
});
