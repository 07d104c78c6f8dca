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
  return rows.map(toPreset);
}

type Saving = Omit<GuildPreset, 'savedAtMs'> & { readonly guildId: string };

/** Saves it, also over one of the same name; the answer is what that held. Null without a change when the group has as many as it may. */
export async function saveGuildPreset(tx: Tx, preset: Saving): Promise<{ readonly replaced: GuildPreset | null } | null> {
  const { guildId, name, description, overrides, savedBy } = preset;
  await lockGuild(tx, guildId);
  const known = await listGuildPresets(tx, guildId);
  const replaced = known.find((other) => other.name === name) ?? null;
  if (replaced === null && known.length >= MAX_GUILD_PRESETS) return null;
  await tx.query(
    `insert into guild_presets (guild_id, name, description, overrides, saved_by) values ($1, $2, $3, $4, $5)
         on conflict (guild_id, name) do update
        set description = excluded.description, overrides = excluded.overrides, saved_by = excluded.saved_by, saved_at = now()`,
    [guildId, name, description, JSON.stringify(overrides), savedBy],
  );
  await announceGuild(tx, guildId);
  return { replaced };
}

/** What it held; null when there is none of that name. */
export async function deleteGuildPreset(tx: Tx, guildId: string, name: string): Promise<GuildPreset | null> {
  const { rows } = await tx.query<PresetRow>(
    'delete from guild_presets where guild_id = $1 and name = $2 returning name, description, overrides, saved_by, saved_at',
    [guildId, name],
  );
  const [row] = rows;
  if (row === undefined) return null;
  await announceGuild(tx, guildId);
  return toPreset(row);
}

type PresetRow = {
  readonly name: string;
  readonly description: string;
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly saved_by: string;
  readonly saved_at: Date;
};

function toPreset({ name, description, overrides, saved_by, saved_at }: PresetRow): GuildPreset {
  return { name, description, overrides: parseOverrides(overrides), savedBy: saved_by, savedAtMs: saved_at.getTime() };
}
