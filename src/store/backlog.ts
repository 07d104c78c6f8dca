import type { Db } from './transaction.ts';

/** How much waits, by state. */
export type Backlog = {
  readonly runs: Readonly<Record<string, number>>;
  readonly messages: Readonly<Record<string, number>>;
  /** Null when no message waits. */
  readonly oldestMessageSeconds: number | null;
};

/** What waits in the database: it is the truth, whatever the queue has lost. */
export async function readBacklog(db: Db): Promise<Backlog> {
  const [runs, messages] = await Promise.all([
    db.query<StateCount>(
      `select state, count(*)::integer as count
         from runs
        where state in ('queued', 'running')
        group by state`,
    ),
    db.query<StateCount & { readonly oldest_seconds: number }>(
      `select state, count(*)::integer as count, extract(epoch from now() - min(created_at))::float8 as oldest_seconds
         from outbox
        where state in ('pending', 'sending')
        group by state`,
    ),
  ]);
  const ages = messages.rows.map((row) => row.oldest_seconds);
  return {
    runs: { queued: 0, running: 0, ...countsOf(runs.rows) },
    messages: { pending: 0, sending: 0, ...countsOf(messages.rows) },
    oldestMessageSeconds: ages.length === 0 ? null : Math.max(...ages),
  };
}

type StateCount = { readonly state: string; readonly count: number };

const countsOf = (rows: readonly StateCount[]): Readonly<Record<string, number>> =>
  Object.fromEntries(rows.map(({ state, count }) => [state, count] as const));
