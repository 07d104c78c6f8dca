import type { GuildView, WantedSettings } from '../engine/guild-view.ts';
import type { MadeNow } from '../render/made-now.ts';
import type { CommandContext } from './command.ts';

type Changing = Pick<CommandContext, 'changeSettings' | 'userId' | 'requestedAtMs'>;

/** Sets what a command names, whatever was there: who types it sees from what to what. Stored names that are unknown can only go. */
export async function changeNow(
  wanted: WantedSettings,
  { changeSettings, userId, requestedAtMs }: Changing,
  unknown: readonly string[] = [],
): Promise<{ readonly guild: GuildView; readonly made: MadeNow }> {
  const outcome = await changeSettings({ wanted, since: null, unknown });
  if (outcome.kind === 'conflict') throw new Error('A change that was formed on no revision cannot conflict.');
  return { guild: outcome.guild, made: { changes: outcome.changes, userId, atMs: requestedAtMs } };
}
