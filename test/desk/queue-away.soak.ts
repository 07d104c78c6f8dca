import { afterAll, describe, expect, it } from 'vitest';
import { type RunningWorker, startWorker } from '../../src/desk/start-worker.ts';
import { REDIS_MISSING, withRedis } from '../support/redis.ts';
import { onDiscord } from './on-discord.ts';

const WAIT = { timeout: 30_000 };
const DISCORD_WAITS_MS = 3_000;

describe.skipIf(REDIS_MISSING !== null && process.env.CI !== 'true')('a run that is asked for while the queue is away', () => {
  const redis = withRedis();
  const queue = {
    get REDIS_URL() {
      return redis.url;
    },
  };
  const on = onDiscord({ rateLimits: 'off' }, queue);
  let worker: RunningWorker | null = null;
  afterAll(() => worker?.close(0));

  const ask = async () => {
    const press = await on.playground.slash({ command: 'backtest', options: { preset: 'scalper-5m' } });
    const reply = await press.waitForReply(undefined, WAIT.timeout);
    const { rows } = await on.desk.pool.query<{ id: string; state: string }>('select id, state from runs order by created_at desc limit 1');
    return { press, reply, tookMs: reply.revisions[1] === undefined ? null : reply.revisions[1].atMs - press.createdAtMs, ...rows[0] };
  };

  it('is kept, says so in time, can be cancelled, and starts by itself when the queue is back', async () => {
    await redis.kill();

    const kept = await ask();
    const unwanted = await ask();
    await on.playground.press({ messageId: unwanted.reply.id, button: 'Cancel run' });
    await unwanted.press.waitForReply(({ content }) => content.includes('Cancelled by'), WAIT.timeout);

    expect(kept.reply.content).toMatch(
      /^\*\*Backtest\*\* .*\nThe queue is unavailable at the moment\. This is kept and starts by itself when the queue is back; Cancel stops it\.$/,
    );
    expect(kept.tookMs).toBeLessThan(DISCORD_WAITS_MS);
    expect(kept.state).toBe('queued');

    await redis.start();
    worker = await startWorker(on.desk);
    await kept.press.waitForReply(({ content }) => content.includes('Done in'), WAIT.timeout);
    const cards = () => on.playground.channel().messages.filter(({ attachments }) => attachments.length > 0);
    await expect.poll(cards, WAIT).toHaveLength(1);
    const { rows } = await on.desk.pool.query('select state from runs order by created_at');
    expect(rows, 'asked once each').toEqual([{ state: 'done' }, { state: 'cancelled' }]);
  }, 90_000);
});
