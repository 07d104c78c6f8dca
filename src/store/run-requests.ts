import type { Db, Tx } from './transaction.ts';

/** Writes down what a run turned out to be, while it has not ended. */
export async function settleRequest(tx: Tx, { id, request }: { readonly id: string; readonly request: unknown }): Promise<void> {
  await tx.query(
    `update runs
        set request = $2
      where id = $1 and state in ('queued', 'running')`,
    [id, JSON.stringify(request)],
  );
}

/** What a run is, as it is stored; null when there is none. Whoever shows it to people must check the guild. */
export async function readRequest(db: Db, id: string): Promise<unknown> {
  const { rows } = await db.query<{ request: unknown }>(`select request from runs where id = $1`, [id]);
  return rows[0]?.request ?? null;
}
