import { isDeepStrictEqual } from 'node:util';
import type { GuildSetting, GuildView, MadeChange, SettingChange, UnusableSetting, WantedSettings } from '../engine/guild-view.ts';
import { isParameterName, type ParameterName } from '../engine/parameters.ts';
import { Refusal } from '../engine/refusal.ts';
import { parseSetting, type SettingValue } from '../engine/settings.ts';
import { shorten } from '../engine/shorten.ts';
import { GUILD_CHANGED } from './guilds.ts';
import type { Db, Tx } from './transaction.ts';

/** The settings of a group as they are stored: `set` are those that can be used. */
export type StoredSettings = Pick<GuildView, 'revision' | 'set' | 'unusable'>;

export async function readGuildSettings(db: Db, guildId: string): Promise<StoredSettings> {
  const { rows } = await db.query<{ revision: number; name: string | null; value: unknown; set_by: string; set_at: Date }>(
    `select revision, name, value, set_by, set_at
       from guilds left join guild_settings using (guild_id)
      where guild_id = $1`,
    [guildId],
  );
  const set = new Map<ParameterName, GuildSetting>();
  const unusable: UnusableSetting[] = [];
  for (const { name, value, set_by, set_at } of rows) {
    if (name === null) continue;
    const read = readSetting(name, value);
    if ('why' in read) unusable.push({ name, value, why: read.why });
    else set.set(read.name, { value: read.value, setBy: set_by, setAtMs: set_at.getTime() });
  }
  return { revision: rows[0]?.revision ?? 0, set, unusable };
}

type Read = { readonly name: ParameterName; readonly value: SettingValue } | { readonly why: string };

/** Another version, or somebody with a database client, may have stored what this one would not. */
function readSetting(name: string, value: unknown): Read {
  if (!isParameterName(name)) return { why: `${shorten(name)}=${shorten(JSON.stringify(value))} is no parameter that it knows` };
  try {
    return { name, value: parseSetting(name, value) };
  } catch (error) {
    if (error instanceof Refusal) return { why: error.message };
    throw error;
  }
}

export function differences(before: Pick<StoredSettings, 'set' | 'unusable'>, wanted: WantedSettings): readonly SettingChange[] {
  return [...wanted].flatMap(([name, to]): readonly SettingChange[] => {
    const from = storedValue(before, name);
    return isDeepStrictEqual(from, to) ? [] : [{ name, from, to }];
  });
}

/** Undefined is "not set". */
export function storedValue({ set, unusable }: Pick<StoredSettings, 'set' | 'unusable'>, name: ParameterName): SettingValue | undefined {
  const known = set.get(name);
  if (known !== undefined) return known.value;
  // What cannot be used is only shown, and compared with what can.
  return unusable.find((other) => other.name === name)?.value as SettingValue | undefined;
}

/** What one person changed at once. */
export type SettingStep = {
  readonly revision: number;
  readonly userId: string;
  /** Also of what this version does not know, which can only be taken back. */
  readonly changes: readonly { readonly name: string; readonly from: unknown; readonly to: SettingValue | undefined }[];
};

/**
 * Writes steps that follow one another, each as if it were written alone.
 * The group's row must be locked since before the changes were found, so that nobody changes it between reading and writing.
 */
export async function writeSettingChanges(tx: Tx, guildId: string, steps: readonly SettingStep[]): Promise<void> {
  const rows = steps.flatMap(({ revision, userId, changes }) => changes.map((change) => ({ revision, userId, ...change })));
  await tx.query(
    `with changes as (
         select revision, changed_by, name, from_value::jsonb, to_value::jsonb
           from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[]) as given (revision, changed_by, name, from_value, to_value)
     ), latest as (
         select distinct on (name) name, to_value, changed_by from changes order by name, revision desc
     ), taken_back as (
         delete from guild_settings using latest
          where guild_id = $1 and guild_settings.name = latest.name and to_value is null
     ), kept as (
         insert into guild_settings (guild_id, name, value, set_by)
         select $1, name, to_value, changed_by from latest where to_value is not null
             on conflict (guild_id, name) do update set value = excluded.value, set_by = excluded.set_by, set_at = now()
     ), told as (
         insert into setting_changes (guild_id, revision, name, from_value, to_value, changed_by)
         select $1, revision, name, from_value, to_value, changed_by from changes
     ), moved as (
         update guilds set revision = (select max(revision) from changes) where guild_id = $1
     )
     select pg_notify($7, $1)`,
    [
      guildId,
      rows.map(({ revision }) => revision),
      rows.map(({ userId }) => userId),
      rows.map(({ name }) => name),
      rows.map(({ from }) => jsonOf(from)),
      rows.map(({ to }) => jsonOf(to)),
      GUILD_CHANGED,
    ],
  );
}

export type StoredChange = MadeChange & { readonly revision: number };

/** What was changed after a revision, oldest first. */
export async function changesSince(db: Db, guildId: string, revision: number): Promise<readonly StoredChange[]> {
  const { rows } = await db.query<{
    revision: number;
    name: string;
    from_value: unknown;
    to_value: unknown;
    has_from: boolean;
    has_to: boolean;
    changed_by: string;
    changed_at: Date;
  }>(
    `select revision, name, from_value, to_value, from_value is not null as has_from, to_value is not null as has_to, changed_by, changed_at
       from setting_changes
      where guild_id = $1 and revision > $2
      order by revision, name`,
    [guildId, revision],
  );
  return rows.map(({ revision: made, name, from_value, to_value, has_from, has_to, changed_by, changed_at }) => ({
    revision: made,
    name: name as ParameterName,
    from: has_from ? (from_value as SettingValue) : undefined,
    to: has_to ? (to_value as SettingValue) : undefined,
    changedBy: changed_by,
    changedAtMs: changed_at.getTime(),
  }));
}

function jsonOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
