import { describe, expect, it } from 'vitest';
import type { Work } from '../../src/engine/work.ts';
import { listen } from '../../src/store/listen.ts';
import { transact } from '../../src/store/transaction.ts';
import { WORK_ROWS } from '../../src/store/work-rows.ts';
import { insertQueuedComparison } from '../support/comparisons.ts';
import { withDatabase } from '../support/database.ts';
import { insertQueuedFetch } from '../support/fetches.ts';
import { insertQueuedRun } from '../support/runs.ts';

const KINDS = [
  { kind: 'run', table: 'runs', insert: insertQueuedRun },
  { kind: 'fetch', table: 'fetches', insert: insertQueuedFetch },
  { kind: 'comparison', table: 'comparison_runs', insert: insertQueuedComparison },
] as const;

describe.each(KINDS)('every $kind', ({ kind, table, insert }) => {
  const database = withDatabase();
  const rows = WORK_ROWS[kind];
  const tx = <Result>(work: Parameters<typeof transact<Result>>[1]) => transact(database.pool, work);
  const write = async (guildId: string, ageMs: number): Promise<Work['id']> => {
    const id = await insert(database.pool, { guildId });
    await database.pool.query(`update ${table} set created_at = now() - make_interval(secs => $2) where id = $1`, [id, ageMs / 1_000]);
    return id;
  };

  it('is listed until it has ended, of every guild, the oldest first, and not while it is young', async () => {
    const queued = await write('a', 1_000);
    const running = await write('b', 2_000);
    const ended = await write('a', 3_000);
    await tx((open) => rows.markRunning(open, running));
    await tx((open) => rows.refuse(open, { id: ended, reason: 'no bars' }));

    expect(await rows.listUnfinished(database.pool, 0)).toEqual([
      { id: running, guildId: 'b' },
      { id: queued, guildId: 'a' },
    ]);
    expect(await rows.listUnfinished(database.pool, 1_500)).toEqual([{ id: running, guildId: 'b' }]);
  });

  it('waits behind those of its kind that were asked for before, until it is begun', async () => {
    await database.pool.query(`delete from ${table}`);
    const [first, second] = [await write('a', 2_000), await write('b', 1_000)];
    const position = (id: string) => rows.queuePosition(database.pool, id);

    expect([await position(first), await position(second)]).toEqual([1, 2]);
    await tx((open) => rows.markRunning(open, first));
    expect([await position(first), await position(second)]).toEqual([null, 1]);
  });

  it('ends once, and its end is announced once', async () => {
    const told: string[] = [];
    const listening = await listen({
      databaseUrl: database.databaseUrl,
      channels: [rows.endedChannel],
      reportError: (error) => expect.fail(String(error)),
      note: () => {},
      onNotice: (_, id) => void told.push(id),
    });
    const id = await write('a', 0);

    const ends = [
      await tx((open) => rows.cancel(open, { id, guildId: 'other', cancelledBy: '1' })),
      await tx((open) => rows.fail(open, { id, reason: 'ab12' })),
      await tx((open) => rows.refuse(open, { id, reason: 'no bars' })),
      await tx((open) => rows.cancel(open, { id, guildId: 'a', cancelledBy: '1' })),
      await tx((open) => rows.markRunning(open, id)),
    ];
    const last = await write('a', 0);
    await tx((open) => rows.cancel(open, { id: last, guildId: 'a', cancelledBy: '1' }));
    await expect.poll(() => told).toContain(last);
    await listening.close();

    expect(ends).toEqual([false, true, false, false, false]);
    expect(told).toEqual([id, last]);
    expect(await rows.readOutcome(database.pool, id)).toMatchObject({ state: 'failed', error: 'ab12', cancelledBy: null, guildId: 'a' });
    expect(await rows.readOutcome(database.pool, last)).toMatchObject({ state: 'cancelled', error: null, cancelledBy: '1' });
  });
});
