import type { GuildPreset, GuildSetup, GuildView, UnusableSetting } from '../engine/guild-view.ts';
import { Refusal } from '../engine/refusal.ts';
import { listGuildPresets } from '../store/guild-presets.ts';
import { readGuildSettings, type StoredSettings } from '../store/guild-settings.ts';
import { readSetup } from '../store/guilds.ts';
import type { Pool } from '../store/pool.ts';
import type { Db } from '../store/transaction.ts';

export async function readGuildView(db: Db | Pool, guildId: string): Promise<GuildView> {
  return viewOf(await readStoredGuild(db, guildId));
}

/** Everything that a group has stored for itself, usable or not. */
export type StoredGuild = {
  readonly settings: StoredSettings;
  readonly presets: readonly GuildPreset[];
  readonly setup: GuildSetup;
};

export async function readStoredGuild(db: Db | Pool, guildId: string): Promise<StoredGuild> {
  const settings = await readGuildSettings(db, guildId);
  return { settings, presets: await listGuildPresets(db, guildId), setup: await readSetup(db, guildId) };
}

/** The same for whoever acts on it: the settings refuse to be read while one of them cannot be used. */
export function viewOf({ settings: { revision, set, unusable }, presets, setup }: StoredGuild): GuildView {
  if (unusable.length === 0) return { revision, set, unusable, presets, setup };
  return {
    revision,
    get set(): GuildView['set'] {
      throw refusalOf(unusable);
    },
    unusable,
    presets,
    setup,
  };
}

/** Says of the first what to type, and names the others. */
export function refusalOf([first, ...others]: readonly UnusableSetting[]): Refusal {
  const more = others.length === 0 ? '' : ` (so are ${others.map(({ name }) => name).join(', ')})`;
  return new Refusal(
    `A stored setting of this group is not usable by this version: ${first?.why}${more}. Take it back: /settings reset name:${first?.name}`,
  );
}

/** Why parts of what a group has stored cannot be used; nothing where all of it can. */
export function whyUnusable({ unusable, presets }: Pick<GuildView, 'unusable' | 'presets'>): readonly string[] {
  const refusals = presets.map((preset) => refusalOfReading(() => preset.overrides));
  return [...unusable.map(({ why }) => why), ...refusals.flatMap((refusal) => refusal?.message ?? [])];
}

function refusalOfReading(read: () => unknown): Refusal | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
