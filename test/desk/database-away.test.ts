import { describe, expect, it } from 'vitest';
import { shutDatabase } from '../support/shut-database.ts';
import { onDiscord } from './on-discord.ts';

const WAIT_MS = 10_000;
const DISCORD_WAITS_MS = 3_000;

describe('a command that is given while the database is away', () => {
  const on = onDiscord();

  it('is refused in time and in words, starts nothing, and the next one is answered', async () => {
    const open = await shutDatabase(on.database);

    const refused = await on.playground.slash({ command: 'backtest', options: { preset: 'scalper-5m' } });
    const help = await on.playground.slash({ command: 'desk help' });
    const { content, revisions } = await refused.waitForReply(undefined, WAIT_MS);

    expect(content).toBe('The database is unavailable at the moment; nothing was started. Wait a few seconds and try again.');
    expect((revisions[1]?.atMs ?? Number.POSITIVE_INFINITY) - refused.createdAtMs).toBeLessThan(DISCORD_WAITS_MS);
    expect((await help.waitForReply(undefined, WAIT_MS)).content, 'it needs no database').not.toContain('unavailable');

    await open();
    const next = await on.playground.slash({ command: 'backtest', options: { preset: 'scalper-5m' } });
    await next.waitForReply((reply) => reply.content.includes('Queued'), WAIT_MS);
    const { rowCount } = await on.desk.pool.query('select from runs');
    expect(rowCount).toBe(1);
    expect(refused.reply()?.revisions, 'one answer, and no second one later').toHaveLength(2);
  });
});
