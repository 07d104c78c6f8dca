import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { insertRun, markRunning, refuseRun } from '../../src/store/runs.ts';
import { transact } from '../../src/store/transaction.ts';
import { listUnfinishedRuns } from '../../src/store/unfinished-runs.ts';
import { withDatabase } from '../support/database.ts';

describe('listUnfinishedRuns', () => {
  const { pool, writeRun } = withRuns();

  it('lists queued and running runs of every guild, the oldest first, and none that has ended', async () => {
    const queued = await writeRun({ guildId: 'a', ageMs: 1_000 });
    const running = await writeRun({ guildId: 'b', ageMs: 2_000 });
    const ended = await writeRun({ guildId: 'a', ageMs: 3_000 });
    await transact(pool(), (tx) => markRunning(tx, running));
    await transact(pool(), (tx) => refuseRun(tx, { id: ended, reason: 'no bars' }));

    expect(await listUnfinishedRuns(pool(), 0)).toEqual([
      { runId: running, guildId: 'b' },
      { runId: queued, guildId: 'a' },
    ]);
  });

  it('leaves out what is younger than asked for', async () => {
    await writeRun({ guildId: 'young', ageMs: 60_000 });
    await writeRun({ guildId: 'old', ageMs: 120_000 });

    const guilds = (await listUnfinishedRuns(pool(), 90_000)).map(({ guildId }) => guildId);

    expect(guilds).toEqual(['old']);
  });
});

function withRuns() {
  const database = withDatabase();
  const pool = () => database.pool;
  const writeRun = async ({ guildId, ageMs }: { readonly guildId: string; readonly ageMs: number }) => {
    const id = randomUUID();
    await transact(pool(), (tx) => insertRun(tx, { id, guildId, channelId: null, requestedBy: null, request: {} }));
    await pool().query(`update runs set created_at = now() - make_interval(secs => $2) where id = $1`, [id, ageMs / 1_000]);
    return id;
  };
  return { pool, writeRun };
}
