import type { WorkKind } from '../engine/work.ts';
import type { Db } from './transaction.ts';

/** Work that has not ended: how much waits, and how much is worked on. */
export type Waiting = { readonly queued: number; readonly running: number };
export type Workload = Readonly<Record<WorkKind, Waiting>>;

const TABLES = { run: 'runs', fetch: 'fetches', comparison: 'comparison_runs' } as const satisfies Record<WorkKind, string>;

const COUNTS = Object.entries(TABLES).map(
  ([kind, table]) =>
    `select '${kind}' as kind,
            (count(*) filter (where state = 'queued'))::integer  as queued,
            (count(*) filter (where state = 'running'))::integer as running
       from ${table}
      where state in ('queued', 'running')`,
);

/** How much work of each kind has not ended, whoever asked for it. */
export async function readWorkload(db: Db): Promise<Workload> {
  const { rows } = await db.query<Waiting & { readonly kind: WorkKind }>(COUNTS.join('\n      union all\n     '));
  const of = (kind: WorkKind): Waiting => {
    const { queued = 0, running = 0 } = rows.find((row) => row.kind === kind) ?? {};
    return { queued, running };
  };
  return { run: of('run'), fetch: of('fetch'), comparison: of('comparison') };
}
