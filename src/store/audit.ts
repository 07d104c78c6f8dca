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

/** In the transaction of what it tells of: neither is without the other. */
export async function writeAudit(tx: Tx, guildId: string, { userId, action, told }: AuditEntry): Promise<void> {
  await tx.query('insert into audit_entries (guild_id, user_id, action, told) values ($1, $2, $3, $4)', [guildId, userId, action, told]);
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
