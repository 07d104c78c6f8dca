import type { SettingChange, WantedSettings } from '../../src/engine/guild-view.ts';
import { differences, readGuildSettings, writeSettingChanges } from '../../src/store/guild-settings.ts';
import { lockGuild } from '../../src/store/guilds.ts';
import type { Tx } from '../../src/store/transaction.ts';

type Changing = { readonly guildId: string; readonly userId: string; readonly wanted: WantedSettings };

/** Sets what one person wants, without asking whether it makes sense together. */
export async function changeGuildSettings(tx: Tx, { guildId, userId, wanted }: Changing): Promise<readonly SettingChange[]> {
  await lockGuild(tx, guildId);
  const before = await readGuildSettings(tx, guildId);
  const changes = differences(before, wanted);
  if (changes.length > 0) await writeSettingChanges(tx, guildId, [{ userId, revision: before.revision + 1, changes }]);
  return changes;
}
