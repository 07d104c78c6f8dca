import type { Work } from '../engine/work.ts';
import type { Db, Tx } from './transaction.ts';

/** Work whose row keeps what was asked for as it came. */
export type RequestedWork = Work & { readonly kind: keyof typeof TABLES };

const TABLES = { run: 'runs', comparison: 'comparison_runs' } as const;

/** Writes down what work turned out to be, while it has not ended. */
export async function settleRequest(tx: Tx, { kind, id }: RequestedWork, request: unknown): Promise<void> {
  await tx.query(
    `update ${TABLES[kind]}
        set request = $2
      where id = $1 and state in ('queued', 'running')`,
    [id, JSON.stringify(request)],
  );
}

/** What was asked for, as it is stored; null when there is none. Whoever shows it to people must check the guild. */
export async function readRequest(db: Db, { kind, id }: RequestedWork): Promise<unknown> {
  const { rows } = await db.query<{ request: unknown }>(`select request from ${TABLES[kind]} where id = $1`, [id]);
  return rows[0]?.request ?? null;
}
