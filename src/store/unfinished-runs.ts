import type { Db } from './transaction.ts';

export type UnfinishedRun = { readonly runId: string; readonly guildId: string };

/** Every run that was asked for at least so long ago and has not ended, the oldest first. */
export async function listUnfinishedRuns(db: Db, olderThanMs: number): Promise<readonly UnfinishedRun[]> {
  const { rows } = await db.query<{ id: string; guild_id: string }>(
    `select id, guild_id
       from runs
      where state in ('queued', 'running')
        and created_at <= now() - make_interval(secs => $1::float8 / 1000)
      order by created_at, id`,
    [olderThanMs],
  );
  return rows.map(({ id, guild_id }) => ({ runId: id, guildId: guild_id }));
}
