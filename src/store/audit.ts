import type { Db, Tx } from './transaction.ts';

/** What people did that others may want to look up. */
export type AuditAction = 'settings-changed' | 'preset-saved' | 'preset-deleted' | 'setup-changed';

export type AuditEntry = {
  readonly userId: string;
  readonly action: AuditAction;
  /** What it was about, in words for people. */
  readonly told: string;
};

export type WrittenEntry = AuditEntry & { readonly atMs: number };

/** In the transaction of what they tell of: neither is without the other. The last one is the newest. */
export async function writeAudit(tx: Tx, guildId: string, ...entries: readonly AuditEntry[]): Promise<void> {
  await tx.query(
    `insert into audit_entries (guild_id, user_id, action, told)
     select $1, user_id, action, told
       from unnest($2::text[], $3::text[], $4::text[]) with ordinality as given (user_id, action, told, place)
      order by place`,
    [guildId, entries.map(({ userId }) => userId), entries.map(({ action }) => action), entries.map(({ told }) => told)],
  );
}

/** Newest first. */
export async function listAudit(
  db: Db,
  guildId: string,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<readonly WrittenEntry[]> {
  const { rows } = await db.query<{ user_id: string; action: AuditAction; told: string; at: Date }>(
    'select user_id, action, told, at from audit_entries where guild_id = $1 order by id desc offset $2 limit $3',
    [guildId, offset, limit],
  );
  return rows.map(({ user_id, action, told, at }) => ({ userId: user_id, action, told, atMs: at.getTime() }));
}

export async function countAudit(db: Db, guildId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select count(*)::int as count from audit_entries where guild_id = $1', [guildId]);
  return rows[0]?.count ?? 0;
}
