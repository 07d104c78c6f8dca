import type { DeskPorts } from '../commands/ports.ts';
import type { GuildPreset } from '../engine/guild-view.ts';
import { formatSettingPairs } from '../engine/setting-pairs.ts';
import { describeSetupChanges } from '../render/setup.ts';
import { countAudit, listAudit, writeAudit } from '../store/audit.ts';
import { deleteGuildPreset, saveGuildPreset } from '../store/guild-presets.ts';
import { lockGuild, readSetup, saveSetup } from '../store/guilds.ts';
import { transact } from '../store/transaction.ts';
import type { GuildViews } from './guild-views.ts';
import type { Desk } from './open-desk.ts';
import { readGuildView } from './read-guild-view.ts';

type GuildPorts = Pick<
  DeskPorts,
  'readGuild' | 'changeSettings' | 'savePreset' | 'deletePreset' | 'changeSetup' | 'countAudit' | 'listAudit'
>;

/** What a group sets for itself, and who did. Every change is written with its audit entry, and is seen by this process at once. */
export function guildPorts(
  { pool }: Desk,
  views: Pick<GuildViews, 'refresh' | 'change'>,
  { guildId, userId }: { readonly guildId: string; readonly userId: string },
): GuildPorts {
  return {
    readGuild: () => readGuildView(pool, guildId),
    changeSettings: (wish) => views.change({ guildId, userId }, wish),
    savePreset: async (preset) => {
      const saved = await transact(pool, async (tx) => {
        const done = await saveGuildPreset(tx, { guildId, ...preset, savedBy: userId });
        if (done !== null) await writeAudit(tx, guildId, { userId, action: 'preset-saved', told: tell(preset) });
        return done;
      });
      await views.refresh(guildId);
      return saved;
    },
    deletePreset: async (name) => {
      const deleted = await transact(pool, async (tx) => {
        const held = await deleteGuildPreset(tx, guildId, name);
        if (held !== null) await writeAudit(tx, guildId, { userId, action: 'preset-deleted', told: tell(held) });
        return held;
      });
      await views.refresh(guildId);
      return deleted;
    },
    changeSetup: async (change) => {
      const made = await transact(pool, async (tx) => {
        await lockGuild(tx, guildId);
        const from = await readSetup(tx, guildId);
        const to = { ...from, ...change };
        const told = describeSetupChanges({ from, to });
        if (told.length > 0) {
          await saveSetup(tx, guildId, to);
          await writeAudit(tx, guildId, { userId, action: 'setup-changed', told: told.join('; ') });
        }
        return { from, to };
      });
      await views.refresh(guildId);
      return made;
    },
    countAudit: () => countAudit(pool, guildId),
    listAudit: (slice) => listAudit(pool, guildId, slice),
  };
}

/** Enough of a preset to save it again. */
function tell({ name, description, overrides }: Pick<GuildPreset, 'name' | 'description' | 'overrides'>): string {
  return `${name} (${description}): ${formatSettingPairs(overrides)}`;
}
