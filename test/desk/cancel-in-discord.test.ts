import { describe, expect, it } from 'vitest';
import { finishRun, markRunning } from '../../src/store/runs.ts';
import { transact } from '../../src/store/transaction.ts';
import { resultOfAskedRun } from '../support/runs.ts';
import { onDiscord } from './on-discord.ts';

const MANAGE_SERVER = 1n << 5n;

describe('cancelling in Discord', () => {
  const on = onDiscord();

  /** Asks for a backtest that no worker takes. */
  async function queue() {
    const press = await on.playground.slash({ command: 'backtest', options: { preset: 'scalper-5m' } });
    const { id: messageId } = await press.waitForReply(({ content }) => content.includes('Queued'));
    const { rows } = await on.desk.pool.query<{ id: string }>('select id from runs order by created_at desc limit 1');
    return { messageId, press, runId: rows[0]?.id ?? '' };
  }
  const stateOf = async (runId: string) => {
    const { rows } = await on.desk.pool.query('select state, cancelled_by from runs where id = $1', [runId]);
    return rows[0];
  };
  const told = () => on.playground.channel().messages.filter(({ content, answers }) => answers === null && content.includes('cancelled'));

  it('shows how many stand before it', async () => {
    const first = await queue();
    const second = await queue();

    expect(first.press.reply()?.content).toContain('Queued: next, it starts when a worker is free.');
    expect(second.press.reply()?.content).toContain('Queued: 1 before it.');
    await on.playground.press({ messageId: first.messageId, button: 'Cancel run' });
    await second.press.waitForReply(({ content }) => content.includes('Queued: next'), 8_000);
    await on.playground.press({ messageId: second.messageId, button: 'Cancel run' });
    await second.press.waitForReply(({ content }) => content.includes('Cancelled'));
  });

  it('is done by whoever asked: the reply says who, the button goes, and nobody is told twice', async () => {
    const { messageId, runId } = await queue();

    const press = await on.playground.press({ messageId, button: 'Cancel run' });
    const reply = await press.waitForReply(({ content }) => content.includes('Cancelled'));

    const { userId } = on.playground.home;
    expect(reply.content).toMatch(new RegExp(`^\\*\\*Backtest\\*\\* BTC-USD · 5m .*\nCancelled by <@${userId}>\\.$`));
    expect(reply.components).toEqual([]);
    expect(await stateOf(runId)).toEqual({ state: 'cancelled', cancelled_by: userId });
    expect(told()).toEqual([]);
    expect(on.errors).toEqual([]);
  });

  it('is refused to others, who hear who may', async () => {
    const { messageId, runId } = await queue();
    const bea = on.playground.addMember({ name: 'bea' });

    const press = await on.playground.press({ messageId, button: 'Cancel run', user: bea });
    await expect.poll(() => press.followUps()).toHaveLength(1);

    const words = `Only <@${on.playground.home.userId}> and admins of this server can cancel run \`${runId.slice(0, 8)}\`.`;
    expect(press.followUps()).toMatchObject([{ content: words, ephemeral: true, pings: { users: [] } }]);
    expect(await stateOf(runId)).toEqual({ state: 'queued', cancelled_by: null });
  });

  it('is done by an admin too, and then whoever asked is told', async () => {
    const { messageId, runId } = await queue();
    const admin = on.playground.addMember({ name: 'cy', permissions: MANAGE_SERVER });

    const press = await on.playground.press({ messageId, button: 'Cancel run', user: admin });
    await press.waitForReply(({ content }) => content.includes('Cancelled'));
    await expect.poll(told, { timeout: 5_000 }).toHaveLength(1);

    expect(await stateOf(runId)).toEqual({ state: 'cancelled', cancelled_by: admin });
    const { userId } = on.playground.home;
    expect(told()[0]?.content).toContain(`<@${userId}> Your backtest \`${runId.slice(0, 8)}\` was cancelled by <@${admin}>.`);
    expect(told()[0]?.pings.users).toEqual([userId]);
  });

  it('answers the second press with who was first', async () => {
    const { messageId } = await queue();

    const presses = await Promise.all([1, 2, 3].map(() => on.playground.press({ messageId, button: 'Cancel run' })));
    await expect.poll(() => presses.flatMap((press) => press.followUps())).toHaveLength(2);

    for (const { content } of presses.flatMap((press) => press.followUps()))
      expect(content).toMatch(new RegExp(`^Run \`\\w{8}\` is already cancelled by <@${on.playground.home.userId}>\\.$`));
  });

  it('comes too late for a run that has ended, and brings the reply up to date', async () => {
    const { messageId, runId, press: asked } = await queue();
    await on.stopBot();
    await transact(on.desk.pool, (tx) => finishRun(tx, { id: runId, result: resultOfAskedRun() }));
    await on.desk.pool.query('delete from run_replies');
    await on.startBot();
    expect(asked.reply()?.content, 'nobody has edited it yet').toContain('Queued');

    const press = await on.playground.press({ messageId, button: 'Cancel run' });
    await expect.poll(() => press.followUps()).toHaveLength(1);

    expect(press.followUps()[0]?.content).toBe(
      `Run \`${runId.slice(0, 8)}\` had ended before that: it is done. See \`/runs show id:${runId.slice(0, 8)}\`.`,
    );
    expect(press.reply()?.content).toContain('Done in');
    expect(press.reply()?.components).toEqual([]);
  });

  it('stops a run that is worked on', async () => {
    const { messageId, runId } = await queue();
    await transact(on.desk.pool, (tx) => markRunning(tx, runId));

    const press = await on.playground.press({ messageId, button: 'Cancel run' });
    await press.waitForReply(({ content }) => content.includes('Cancelled'));

    expect(await transact(on.desk.pool, (tx) => finishRun(tx, { id: runId, result: resultOfAskedRun() }))).toBe(false);
  });
});
