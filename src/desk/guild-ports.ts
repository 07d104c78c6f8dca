import { isDeepStrictEqual } from 'node:util';
import type { DeskPorts } from '../commands/ports.ts';
import type { SettingChange, WantedSettings } from '../engine/guild-view.ts';
import { effectiveSettings, formatSetting, type SettingValue } from '../engine/settings.ts';
import { countAudit, listAudit, writeAudit } from '../store/audit.ts';
import { deleteGuildPreset, saveGuildPreset } from '../store/guild-presets.ts';
import { changeGuildSettings, changesSince, readGuildSettings } from '../store/guild-settings.ts';
import { lockGuild, saveSetup } from '../store/guilds.ts';
import { type Tx, transact } from '../store/transaction.ts';
import { type GuildViews, readGuildView } from './guild-views.ts';
import type { Desk } from './open-desk.ts';

type GuildPorts = Pick<
  DeskPorts,
  'readGuild' | 'changeSettings' | 'savePreset' | 'deletePreset' | 'changeSetup' | 'countAudit' | 'listAudit'
>;

/** What a group sets for itself, and who did. Every change is written with its audit entry, and is seen by this process at once. */
export function guildPorts(
  { pool }: Desk,
  views: Pick<GuildViews, 'refresh'>,
  { guildId, userId }: { readonly guildId: string; readonly userId: string },
): GuildPorts {
  return {
    readGuild: () => readGuildView(pool, guildId),
    changeSettings: async ({ wanted, since }) => {
      const outcome = await transact(pool, async (tx) => {
        await lockGuild(tx, guildId);
        const theirs = since === null ? [] : conflicts(wanted, await changesSince(tx, guildId, since));
        if (theirs.length > 0) return { kind: 'conflict', theirs } as const;
        await refuseImpossible(tx, wanted);
        const changes = await changeGuildSettings(tx, { guildId, userId, wanted });
        if (changes.length > 0) await writeAudit(tx, guildId, { userId, action: 'settings-changed', told: changes.map(tell).join('; ') });
        return { kind: 'changed', changes } as const;
      });
      const guild = await views.refresh(guildId);
      return { ...outcome, guild };
    },
    savePreset: async ({ name, description, overrides }) => {
      const saved = await transact(pool, async (tx) => {
        const done = await saveGuildPreset(tx, { guildId, name, description, overrides, savedBy: userId });
        const told = `${name}: ${Object.entries(overrides)
          .map(([parameter, value]) => `${parameter}=${formatSetting(value)}`)
          .join(' ')}`;
        if (done !== null) await writeAudit(tx, guildId, { userId, action: 'preset-saved', told });
        return done;
      });
      await views.refresh(guildId);
      return saved;
    },
    deletePreset: async (name) => {
      const deleted = await transact(pool, async (tx) => {
        const done = await deleteGuildPreset(tx, guildId, name);
        if (done) await writeAudit(tx, guildId, { userId, action: 'preset-deleted', told: name });
        return done;
      });
      await views.refresh(guildId);
      return deleted;
    },
    changeSetup: async (setup, told) => {
      await transact(pool, async (tx) => {
        await saveSetup(tx, guildId, setup);
        await writeAudit(tx, guildId, { userId, action: 'setup-changed', told });
      });
      await views.refresh(guildId);
    },
    countAudit: () => countAudit(pool, guildId),
    listAudit: (slice) => listAudit(pool, guildId, slice),
  };

  /** Values may be possible each by itself and not together, e.g. periods without the custom mode. */
  async function refuseImpossible(tx: Tx, wanted: WantedSettings): Promise<void> {
    const { set } = await readGuildSettings(tx, guildId);
    const after = new Map([...set].map(([name, { value }]): [string, SettingValue | undefined] => [name, value]));
    for (const [name, value] of wanted) after.set(name, value);
    effectiveSettings(Object.fromEntries([...after].filter(([, value]) => value !== undefined)));
  }
}

/** Changes that others made meanwhile to what is wanted to be otherwise now. */
function conflicts<Made extends SettingChange>(wanted: WantedSettings, made: readonly Made[]): readonly Made[] {
  return made.filter(({ name, to }) => wanted.has(name) && !isDeepStrictEqual(wanted.get(name), to));
}

function tell({ name, from, to }: SettingChange): string {
  return `${name} ${spell(from)} → ${spell(to)}`;
}

function spell(value: SettingValue | undefined): string {
  return value === undefined ? 'not set' : formatSetting(value);
}
