import { isDeepStrictEqual } from 'node:util';
import type { GuildView, MadeChange, SettingChange, WantedSettings } from '../engine/guild-view.ts';
import type { ParameterName } from '../engine/parameters.ts';
import { parseOverrides, type SettingValue } from '../engine/settings.ts';
import { GUILD_CHANGED, lockGuild } from './guilds.ts';
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

/** Changes what differs and returns it. */
export async function changeGuildSettings(tx: Tx, { guildId, userId, wanted }: Changing): Promise<readonly SettingChange[]> {
  await lockGuild(tx, guildId);
  const before = await readGuildSettings(tx, guildId);
  const changes = differences(before, wanted);
  if (changes.length > 0) await writeSettingChanges(tx, { guildId, userId, revision: before.revision + 1, changes });
  return changes;
}

export function differences({ set }: Pick<GuildView, 'set'>, wanted: WantedSettings): readonly SettingChange[] {
  return [...wanted].flatMap(([name, to]): readonly SettingChange[] => {
    const from = set.get(name)?.value;
    return isDeepStrictEqual(from, to) ? [] : [{ name, from, to }];
  });
}

type Writing = {
  readonly guildId: string;
  readonly userId: string;
  readonly revision: number;
  readonly changes: readonly SettingChange[];
};

/** The group's row must be locked since before the changes were found, so that nobody changes it between reading and writing. */
export async function writeSettingChanges(tx: Tx, { guildId, userId, revision, changes }: Writing): Promise<void> {
  await tx.query(
    `with changes as (
         select name, from_value::jsonb, to_value::jsonb from unnest($4::text[], $5::text[], $6::text[]) as given (name, from_value, to_value)
     ), taken_back as (
         delete from guild_settings using changes
          where guild_id = $1 and guild_settings.name = changes.name and to_value is null
     ), kept as (
         insert into guild_settings (guild_id, name, value, set_by)
         select $1, name, to_value, $3 from changes where to_value is not null
             on conflict (guild_id, name) do update set value = excluded.value, set_by = excluded.set_by, set_at = now()
     ), told as (
         insert into setting_changes (guild_id, revision, name, from_value, to_value, changed_by)
         select $1, $2, name, from_value, to_value, $3 from changes
     ), moved as (
         update guilds set revision = $2 where guild_id = $1
     )
     select pg_notify($7, $1)`,
    [
      guildId,
      revision,
      userId,
      changes.map(({ name }) => name),
      changes.map(({ from }) => jsonOf(from)),
      changes.map(({ to }) => jsonOf(to)),
      GUILD_CHANGED,
    ],
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
