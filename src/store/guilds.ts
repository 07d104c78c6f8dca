import { type GuildSetup, NOTHING_SET_UP } from '../engine/guild-view.ts';
import type { Db, Tx } from './transaction.ts';

/** Told after every change of what a group has set; the payload is the guild's id. */
export const GUILD_CHANGED = 'scalpdesk_guild_changed';

export async function readSetup(db: Db, guildId: string): Promise<GuildSetup> {
  const { rows } = await db.query<SetupRow>('select trader_role_id, admin_role_id, time_zone from guilds where guild_id = $1', [guildId]);
  const [row] = rows;
  return row === undefined ? NOTHING_SET_UP : { traderRoleId: row.trader_role_id, adminRoleId: row.admin_role_id, timeZone: row.time_zone };
}

export async function saveSetup(tx: Tx, guildId: string, { traderRoleId, adminRoleId, timeZone }: GuildSetup): Promise<void> {
  await tx.query(
    `insert into guilds (guild_id, trader_role_id, admin_role_id, time_zone) values ($1, $2, $3, $4)
         on conflict (guild_id) do update
        set trader_role_id = excluded.trader_role_id, admin_role_id = excluded.admin_role_id, time_zone = excluded.time_zone`,
    [guildId, traderRoleId, adminRoleId, timeZone],
  );
  await announceGuild(tx, guildId);
}

/** Locks what the group has set until the transaction ends. The time is the one that everything has that is written in it. */
export async function lockGuild(tx: Tx, guildId: string): Promise<{ readonly atMs: number }> {
  // An update of nothing locks the row, or the one that was just inserted, in one statement.
  const { rows } = await tx.query<{ at: Date }>(
    `insert into guilds (guild_id) values ($1)
         on conflict (guild_id) do update set guild_id = excluded.guild_id
     returning now() as at`,
    [guildId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`The group ${guildId} could not be locked.`);
  return { atMs: row.at.getTime() };
}

export async function announceGuild(tx: Tx, guildId: string): Promise<void> {
  await tx.query('select pg_notify($1, $2)', [GUILD_CHANGED, guildId]);
}

type SetupRow = { readonly trader_role_id: string | null; readonly admin_role_id: string | null; readonly time_zone: string };

/** Every group that has set anything. */
export async function listGuilds(db: Db): Promise<readonly string[]> {
  const { rows } = await db.query<{ guild_id: string }>('select guild_id from guilds');
  return rows.map(({ guild_id }) => guild_id);
}
