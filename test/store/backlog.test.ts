import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { readBacklog } from '../../src/store/backlog.ts';
import { claimNext, enqueueMessage } from '../../src/store/outbox.ts';
import { insertRun, markRunning, refuseRun } from '../../src/store/runs.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';

const database = withDatabase();

it('tells of nothing when nothing waits', async () => {
  expect(await readBacklog(database.pool)).toEqual({
    runs: { queued: 0, running: 0 },
    messages: { pending: 0, sending: 0 },
    oldestMessageSeconds: null,
  });
});

it('counts what has not ended and what has not been delivered, and how old the oldest of it is', async () => {
  const { pool } = database;
  const ids = Array.from({ length: 4 }, () => randomUUID());
  const [running = '', ended = ''] = ids;
  await transact(pool, async (tx) => {
    for (const id of ids) await insertRun(tx, { id, guildId: 'g', channelId: 'c', requestedBy: null, request: {} });
    await markRunning(tx, running);
    await refuseRun(tx, { id: ended, reason: 'no' });
    for (const channelId of ['one', 'two', 'three']) {
      await enqueueMessage(tx, { id: randomUUID(), guildId: 'g', channelId, runId: ended, kind: 'run-ended', payload: {} });
    }
  });
  await claimNext(pool, { leaseMs: 60_000 });
  await pool.query(`update outbox set created_at = now() - interval '90 seconds' where channel_id = 'two'`);

  const { oldestMessageSeconds, ...counts } = await readBacklog(pool);

  expect(counts).toEqual({ runs: { queued: 2, running: 1 }, messages: { pending: 2, sending: 1 } });
  expect(oldestMessageSeconds).toBeGreaterThanOrEqual(90);
  expect(oldestMessageSeconds).toBeLessThan(150);
});
