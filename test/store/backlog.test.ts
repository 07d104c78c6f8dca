import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { readBacklog } from '../../src/store/backlog.ts';
import { claimNext, enqueueMessage } from '../../src/store/outbox.ts';
import type { Pool } from '../../src/store/pool.ts';
import { transact } from '../../src/store/transaction.ts';
import { WORK_ROWS } from '../../src/store/work-rows.ts';
import { insertQueuedComparison } from '../support/comparisons.ts';
import { withDatabase } from '../support/database.ts';
import { insertQueuedFetch } from '../support/fetches.ts';
import { insertQueuedRun } from '../support/runs.ts';

const database = withDatabase();

const NONE = { queued: 0, running: 0 };

it('tells of nothing when nothing waits', async () => {
  expect(await readBacklog(database.pool)).toEqual({
    work: { run: NONE, fetch: NONE, comparison: NONE },
    messages: { pending: 0, sending: 0 },
    oldestMessageSeconds: null,
  });
});

it('counts what has not ended and what has not been delivered, and how old the oldest of it is', async () => {
  const { pool } = database;
  const write = (insert: (pool: Pool) => Promise<string>, count: number) => Promise.all(Array.from({ length: count }, () => insert(pool)));
  const [runs, fetches, comparisons] = [
    await write(insertQueuedRun, 4),
    await write(insertQueuedFetch, 2),
    await write(insertQueuedComparison, 3),
  ] as const;
  const [running = '', ended = ''] = runs;
  await transact(pool, async (tx) => {
    await WORK_ROWS.run.markRunning(tx, running);
    await WORK_ROWS.run.refuse(tx, { id: ended, reason: 'no' });
    await WORK_ROWS.fetch.refuse(tx, { id: fetches[0] ?? '', reason: 'no' });
    for (const id of comparisons.slice(1)) await WORK_ROWS.comparison.markRunning(tx, id);
    for (const channelId of ['one', 'two', 'three']) {
      await enqueueMessage(tx, { id: randomUUID(), guildId: 'g', channelId, runId: ended, kind: 'run-ended', payload: {} });
    }
  });
  await claimNext(pool, { leaseMs: 60_000, heldBy: null, gone: [] });
  await pool.query(`update outbox set created_at = now() - interval '90 seconds' where channel_id = 'two'`);

  const { oldestMessageSeconds, ...counts } = await readBacklog(pool);

  expect(counts).toEqual({
    work: { run: { queued: 2, running: 1 }, fetch: { queued: 1, running: 0 }, comparison: { queued: 1, running: 2 } },
    messages: { pending: 2, sending: 1 },
  });
  expect(oldestMessageSeconds).toBeGreaterThanOrEqual(90);
  expect(oldestMessageSeconds).toBeLessThan(150);
});
