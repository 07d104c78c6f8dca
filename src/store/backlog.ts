import type { Db } from './transaction.ts';
import { readWorkload, type Workload } from './workload.ts';

/** How much waits. */
export type Backlog = {
  readonly work: Workload;
  /** By state. */
  readonly messages: Readonly<Record<string, number>>;
  /** Null when no message waits. */
  readonly oldestMessageSeconds: number | null;
};

/** What waits in the database: it is the truth, whatever the queue has lost. */
export async function readBacklog(db: Db): Promise<Backlog> {
  const [work, messages] = await Promise.all([
    readWorkload(db),
    db.query<{ readonly state: string; readonly count: number; readonly oldest_seconds: number }>(
      `select state, count(*)::integer as count, extract(epoch from now() - min(created_at))::float8 as oldest_seconds
         from outbox
        where state in ('pending', 'sending')
        group by state`,
    ),
  ]);
  const ages = messages.rows.map((row) => row.oldest_seconds);
  return {
    work,
    messages: { pending: 0, sending: 0, ...Object.fromEntries(messages.rows.map(({ state, count }) => [state, count] as const)) },
    oldestMessageSeconds: ages.length === 0 ? null : Math.max(...ages),
  };
}
