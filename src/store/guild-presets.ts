import type { GuildPreset } from '../engine/guild-view.ts';
import { Refusal } from '../engine/refusal.ts';
import { type Overrides, parseOverrides } from '../engine/settings.ts';
import { announceGuild, lockGuild } from './guilds.ts';
import type { Db, Tx } from './transaction.ts';

export const MAX_GUILD_PRESETS = 50;

/** In the order of their names. Of one that holds what this version cannot use the overrides refuse to be read. */
export async function listGuildPresets(db: Db, guildId: string): Promise<readonly GuildPreset[]> {
  const { rows } = await db.query<PresetRow>(
    'select name, description, overrides, saved_by, saved_at from guild_presets where guild_id = $1 order by name',
    [guildId],
  );
  return rows.map(toPreset);
}

type Saving = Omit<GuildPreset, 'savedAtMs'> & { readonly guildId: string };

/** Saves it, also over one of the same name; the answer is what that held, usable or not. Null without a change when the group has as many as it may. */
export async function saveGuildPreset(tx: Tx, preset: Saving): Promise<{ readonly replaced: GuildPreset | null } | null> {
  const { guildId, name, description, overrides, savedBy } = preset;
  await lockGuild(tx, guildId);
  const replaced = await deleteGuildPreset(tx, guildId, name);
  if (replaced === null && (await listGuildPresets(tx, guildId)).length >= MAX_GUILD_PRESETS) return null;
  await tx.query('insert into guild_presets (guild_id, name, description, overrides, saved_by) values ($1, $2, $3, $4, $5)', [
    guildId,
    name,
    description,
    JSON.stringify(overrides),
    savedBy,
  ]);
  await announceGuild(tx, guildId);
  return { replaced };
}

/** What it held, usable or not; null when there is none of that name. */
export async function deleteGuildPreset(tx: Tx, guildId: string, name: string): Promise<GuildPreset | null> {
  const { rows } = await tx.query<PresetRow>(
    'delete from guild_presets where guild_id = $1 and name = $2 returning name, description, overrides, saved_by, saved_at',
    [guildId, name],
  );
  const [row] = rows;
  if (row === undefined) return null;
  await announceGuild(tx, guildId);
  return { ...whoseOf(row), overrides: heldBy(row) };
}

type PresetRow = {
  readonly name: string;
  readonly description: string;
  readonly overrides: unknown;
  readonly saved_by: string;
  readonly saved_at: Date;
};

function toPreset(row: PresetRow): GuildPreset {
  try {
    return { ...whoseOf(row), overrides: parseOverrides(heldBy(row)) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { message } = error;
    return {
      ...whoseOf(row),
      get overrides(): Overrides {
        throw new Refusal(
          `The stored preset ${row.name} cannot be used by this version: ${message}. Save it anew, or delete it: /preset delete name:${row.name}`,
        );
      },
    };
  }
}

function whoseOf({ name, description, saved_by, saved_at }: PresetRow): Omit<GuildPreset, 'overrides'> {
  return { name, description, savedBy: saved_by, savedAtMs: saved_at.getTime() };
}

/** As it is stored, to be told or parsed: names and values that nobody checked. */
function heldBy({ overrides }: PresetRow): Overrides {
  const isNamed = typeof overrides === 'object' && overrides !== null;
  return (isNamed ? overrides : { overrides }) as Overrides;
}
