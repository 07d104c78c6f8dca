import type { Pool, PoolClient } from 'pg';

declare const open: unique symbol;

/** Whatever can read: the pool, or the inside of a transaction. */
export type Db = Pick<PoolClient, 'query'>;

/** A connection inside an open transaction. Only `transact` makes one, so a write cannot happen outside. */
export type Tx = Db & { readonly [open]: true };

/** Commits what the work wrote when it succeeds, and nothing of it when it throws. */
export async function transact<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  // A connection lost between two queries reports it here, and to the next query; only the second can be answered.
  const onLost = () => {
    broken = true;
  };
  client.on('error', onLost);

  try {
    await client.query('begin');
    const result = await work(client as unknown as Tx);
    const { command } = await client.query('commit');
    // After a failed statement PostgreSQL answers commit with a rollback and calls it a success.
    if (command !== 'COMMIT') throw new Error('The transaction was rolled back: the work went on after one of its statements had failed.');
    return result;
  } catch (error) {
    broken ||= !(await tryRollback(client));
    throw error;
  } finally {
    client.off('error', onLost);
    client.release(broken);
  }
}

/** A connection that cannot roll back is dead or stuck; the server rolls back for it when it closes, so the first error is the one to tell. */
async function tryRollback(client: PoolClient): Promise<boolean> {
  try {
    await client.query('rollback');
    return true;
  } catch {
    return false;
  }
}
