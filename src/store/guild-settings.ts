import { isDeepStrictEqual } from 'node:util';
import type { GuildView, MadeChange, SettingChange, WantedSettings } from '../engine/guild-view.ts';
import type { ParameterName } from '../engine/parameters.ts';
import { parseOverrides, type SettingValue } from '../engine/settings.ts';
import { announceGuild, lockGuild } from './guilds.ts';
import type { Db, Tx } from './transaction.ts';

export async function readGuildSettings(db: Db, guildId: string): Promise<Pick<GuildView, 'revision' | 'set'>> {
  const { rows } = await db.query<{ revision: number; name: string | null; value: unknown; set_by: string; set_at: Date }>(
    `select revision, name, value, set_by, set_at
       from guilds left join guild_settings using (guild_id)
      where guild_id = $1`,
    [guildId],
  );
  const set = rows.flatMap(({ name, value, set_by, set_at }) =>
    Object.entries(name === null ? {} : parseOverrides({ [name]: value })).map(
      ([known, parsed]) => [known as ParameterName, { value: parsed as SettingValue, setBy: set_by, setAtMs: set_at.getTime() }] as const,
    ),
  );
  return { revision: rows[0]?.revision ?? 0, set: new Map(set) };
}

type Changing = { readonly guildId: string; readonly userId: string; readonly wanted: WantedSettings };

/** Changes what differs and returns it; the group's row must be locked, so that nobody changes it between reading and writing. */
export async function changeGuildSettings(tx: Tx, { guildId, userId, wanted }: Changing): Promise<readonly SettingChange[]> {
  const revision = (await lockGuild(tx, guildId)) + 1;
  const { set } = await readGuildSettings(tx, guildId);
  const changes = [...wanted].flatMap(([name, to]): readonly SettingChange[] => {
    const from = set.get(name)?.value;
    return isDeepStrictEqual(from, to) ? [] : [{ name, from, to }];
  });
  if (changes.length === 0) return [];
  for (const change of changes) await writeChange(tx, { guildId, userId, revision, change });
  await tx.query('update guilds set revision = $2 where guild_id = $1', [guildId, revision]);
  await announceGuild(tx, guildId);
  return changes;
}

type Writing = { readonly guildId: string; readonly userId: string; readonly revision: number; readonly change: SettingChange };

async function writeChange(tx: Tx, { guildId, userId, revision, change: { name, from, to } }: Writing): Promise<void> {
  if (to === undefined) await tx.query('delete from guild_settings where guild_id = $1 and name = $2', [guildId, name]);
  else {
    await tx.query(
      `insert into guild_settings (guild_id, name, value, set_by) values ($1, $2, $3, $4)
           on conflict (guild_id, name) do update set value = excluded.value, set_by = excluded.set_by, set_at = now()`,
      [guildId, name, JSON.stringify(to), userId],
    );
  }
  await tx.query(
    `insert into setting_changes (guild_id, revision, name, from_value, to_value, changed_by) values ($1, $2, $3, $4, $5, $6)`,
    [guildId, revision, name, jsonOf(from), jsonOf(to), userId],
  );
}

/** What was changed after a revision, oldest first. */
export async function changesSince(db: Db, guildId: string, revision: number): Promise<readonly MadeChange[]> {
  const { rows } = await db.query<{
    name: string;
    from_value: unknown;
    to_value: unknown;
    has_from: boolean;
    has_to: boolean;
    changed_by: string;
    changed_at: Date;
  }>(
    `select name, from_value, to_value, from_value is not null as has_from, to_value is not null as has_to, changed_by, changed_at
       from setting_changes
      where guild_id = $1 and revision > $2
      order by revision, name`,
    [guildId, revision],
  );
  return rows.map(({ name, from_value, to_value, has_from, has_to, changed_by, changed_at }) => ({
    name: name as ParameterName,
    from: has_from ? (from_value as SettingValue) : undefined,
    to: has_to ? (to_value as SettingValue) : undefined,
    changedBy: changed_by,
    changedAtMs: changed_at.getTime(),
  }));
}

function jsonOf(value: SettingValue | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
