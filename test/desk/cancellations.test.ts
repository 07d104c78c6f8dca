import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cancellations, watchCancellations } from '../../src/desk/cancellations.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import { cancelRun, refuseRun } from '../../src/store/runs.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';
import { insertQueuedRun } from '../support/runs.ts';

describe('a cancelled run', () => {
  const database = withDatabase();
  const errors: unknown[] = [];
  let cancellations: Cancellations;

  beforeEach(async () => {
    const { databaseUrl, pool } = database;
    cancellations = await watchCancellations({ databaseUrl, pool, reportError: (error) => errors.push(error), note: () => {} });
  });

  afterEach(async () => {
    await cancellations.close();
    expect(errors).toEqual([]);
  });

  const never = new AbortController().signal;
  /** Work that ends when it is aborted, as the engine's does. */
  const untilAborted = (signal: AbortSignal) =>
    new Promise<string>((_, reject) => signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))));
  const cancel = (id: string) => transact(database.pool, (tx) => cancelRun(tx, { id, guildId: 'local', cancelledBy: 'ana' }));

  it('frees whoever works on it, in whatever process, and ends as a refusal', async () => {
    const id = await insertQueuedRun(database.pool);
    const working = cancellations.unlessCancelled({ kind: 'run', id }, never, untilAborted);
    const outcome = working.catch((error: unknown) => error);

    await cancel(id);

    expect(await outcome).toBeInstanceOf(Refusal);
  });

  it('leaves other runs and other ends alone', async () => {
    const [mine, other] = [await insertQueuedRun(database.pool), await insertQueuedRun(database.pool)];
    const { promise, resolve } = Promise.withResolvers<string>();
    const working = cancellations.unlessCancelled({ kind: 'run', id: mine }, never, () => promise);

    await cancel(other);
    await transact(database.pool, (tx) => refuseRun(tx, { id: mine, reason: 'no bars' }));
    setTimeout(() => resolve('done'), 200);

    expect(await working).toBe('done');
  });

  it('is told from a worker that closes and from work that breaks', async () => {
    const id = await insertQueuedRun(database.pool);
    const closing = new AbortController();
    const closed = cancellations.unlessCancelled({ kind: 'run', id }, closing.signal, untilAborted).catch((error: unknown) => error);
    closing.abort();

    expect(await closed).toMatchObject({ name: 'AbortError' });
    const boom = new Error('boom');
    await expect(cancellations.unlessCancelled({ kind: 'run', id }, never, () => Promise.reject(boom))).rejects.toBe(boom);
  });

  it('is asked for to the end before the watch is closed', async () => {
    const id = await insertQueuedRun(database.pool);
    const client = await database.pool.connect();
    await client.query('begin');
    await client.query('lock table runs in access exclusive mode');
    let isClosed = false;

    await cancellations.unlessCancelled({ kind: 'run', id }, never, async () => 'done');
    const closed = cancellations.close().then(() => {
      isClosed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isClosed, 'its question waits for the table').toBe(false);
    await client.query('rollback');
    client.release();

    await closed;
  });
});
