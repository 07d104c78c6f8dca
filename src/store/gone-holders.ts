import type { Db } from './transaction.ts';

/** The class of the advisory locks that holders have, one a number; the key space of pairs is theirs alone. */
export const HOLDER_LOCKS = 736_361_704;

/** SQL that says of a holder's number whether nobody is there any more who has it. */
export const isGone = (holder: string): string =>
  `not exists (select
                 from pg_locks
                where locktype = 'advisory' and classid = ${HOLDER_LOCKS} and objid = ${holder} and objsubid = 2 and granted
                  and database = (select oid from pg_database where datname = current_database()))`;

type Timing = {
  readonly nowMs: () => number;
  /** A holder that lost its connection and lives has it again within this time. */
  readonly graceMs?: number;
  readonly lookEveryMs?: number;
};

const GRACE_MS = 1_500;
const LOOK_EVERY_MS = 500;

/** Tells of the holders that something is held by although they have been gone for a while. Asked often, it looks now and then. */
export function watchGoneHolders(
  db: Db,
  { nowMs, graceMs = GRACE_MS, lookEveryMs = LOOK_EVERY_MS }: Timing,
): () => Promise<readonly number[]> {
  let goneSinceMs: ReadonlyMap<number, number> = new Map();
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;

  async function look(): Promise<void> {
    const atMs = nowMs();
    const seenBefore = goneSinceMs;
    // Whoever cannot look has not seen anybody gone all the while: the others may have lost the same database.
    goneSinceMs = new Map();
    const gone = await listGone(db);
    goneSinceMs = new Map(gone.map((holder) => [holder, seenBefore.get(holder) ?? atMs] as const));
    lookedAtMs = atMs;
  }

  return async () => {
    if (nowMs() - lookedAtMs >= lookEveryMs) {
      looking ??= look().finally(() => {
        looking = null;
      });
      await looking;
    }
    return [...goneSinceMs].filter(([, sinceMs]) => lookedAtMs - sinceMs >= graceMs).map(([holder]) => holder);
  };
}

async function listGone(db: Db): Promise<readonly number[]> {
  const { rows } = await db.query<{ held_by: number }>(
    `select held_by
       from (select held_by from outbox               where state = 'sending'
              union
             select held_by from pressed_interactions where answered_at is null) held
      where held_by is not null and ${isGone('held_by')}`,
  );
  return rows.map(({ held_by }) => held_by);
}
