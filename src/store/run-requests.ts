import type { Tx } from './transaction.ts';

/** Writes down what a run turned out to be, while it has not ended. */
export async function settleRequest(tx: Tx, { id, request }: { readonly id: string; readonly request: unknown }): Promise<void> {
  await tx.query(
    `update runs
        set request = $2
      where id = $1 and state in ('queued', 'running')`,
    [id, JSON.stringify(request)],
  );
}
