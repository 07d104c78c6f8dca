import type { GuildPreset } from '../engine/guild-view.ts';
import { parseOverrides } from '../engine/settings.ts';
import { announceGuild, lockGuild } from './guilds.ts';
import type { Db, Tx } from './transaction.ts';

export const MAX_GUILD_PRESETS = 50;

/** In the order of their names. */
export async function listGuildPresets(db: Db, guildId: string): Promise<readonly GuildPreset[]> {
  const { rows } = await db.query<PresetRow>(
    'select name, description, overrides, saved_by, saved_at from guild_presets where guild_id = $1 order by name',
    [guildId],
  );
  return rows.map(({ name, description, overrides, saved_by, saved_at }) => ({
    name,
    description,
    overrides: parseOverrides(overrides),
    savedBy: saved_by,
    savedAtMs: saved_at.getTime(),
  }));
}

type Saving = Omit<GuildPreset, 'savedAtMs'> & { readonly guildId: string };

/** Saves it, also over one of the same name; the answer is what it replaced. Null without a change when the group has as many as it may. */
export async function saveGuildPreset(tx: Tx, preset: Saving): Promise<{ readonly replaced: boolean } | null> {
  const { guildId, name, description, overrides, savedBy } = preset;
  await lockGuild(tx, guildId);
  const known = await listGuildPresets(tx, guildId);
  const replaced = known.some((other) => other.name === name);
  if (!replaced && known.length >= MAX_GUILD_PRESETS) return null;
  await tx.query(
    `insert into guild_presets (guild_id, name, description, overrides, saved_by) values ($1, $2, $3, $4, $5)
         on conflict (guild_id, name) do update
        set description = excluded.description, overrides = excluded.overrides, saved_by = excluded.saved_by, saved_at = now()`,
    [guildId, name, description, JSON.stringify(overrides), savedBy],
  );
  await announceGuild(tx, guildId);
  return { replaced };
}

/** False when there is none of that name. */
export async function deleteGuildPreset(tx: Tx, guildId: string, name: string): Promise<boolean> {
  const { rowCount } = await tx.query('delete from guild_presets where guild_id = $1 and name = $2', [guildId, name]);
  if (rowCount === 0) return false;
  await announceGuild(tx, guildId);
  return true;
}

type PresetRow = {
  readonly name: string;
  readonly description: string;
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly saved_by: string;
  readonly saved_at: Date;
};
