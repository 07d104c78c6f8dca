import { type GuildView, NOTHING_SET } from '../engine/guild-view.ts';
import { listGuildPresets } from '../store/guild-presets.ts';
import { readGuildSettings } from '../store/guild-settings.ts';
import { GUILD_CHANGED, listGuilds, readSetup } from '../store/guilds.ts';
import { listen } from '../store/listen.ts';
import type { Pool } from '../store/pool.ts';
import type { Db } from '../store/transaction.ts';
import type { Desk } from './open-desk.ts';

/** What every group has set, at hand without I/O; the database tells when it changes, also by another process. */
export type GuildViews = {
  readonly of: (guildId: string) => GuildView;
  /** Reads a group's anew, at once. */
  readonly refresh: (guildId: string) => Promise<GuildView>;
  readonly close: () => Promise<void>;
};

export async function openGuildViews({ pool, databaseUrl, reportError, note }: Desk): Promise<GuildViews> {
  const views = new Map<string, GuildView>();
  const refreshing = new Set<Promise<unknown>>();
  const listening = await listen({
    databaseUrl,
    channels: [GUILD_CHANGED],
    onNotice: (_, guildId) => inBackground(refresh(guildId)),
    reportError,
    note: (message) => {
      note(message);
      // Whatever was changed while nobody listened.
      inBackground(refreshAll());
    },
  });
  await refreshAll();

  return {
    of: (guildId) => views.get(guildId) ?? NOTHING_SET,
    refresh,
    close: async () => {
      await listening.close();
      await Promise.all(refreshing);
    },
  };

  async function refresh(guildId: string): Promise<GuildView> {
    const view = await readGuildView(pool, guildId);
    views.set(guildId, view);
    return view;
  }

  async function refreshAll(): Promise<void> {
    for (const guildId of await listGuilds(pool)) await refresh(guildId);
  }

  function inBackground(work: Promise<unknown>): void {
    const done = work.catch(reportError).finally(() => refreshing.delete(done));
    refreshing.add(done);
  }
}

export async function readGuildView(db: Db | Pool, guildId: string): Promise<GuildView> {
  const { revision, set } = await readGuildSettings(db, guildId);
  return { revision, set, presets: await listGuildPresets(db, guildId), setup: await readSetup(db, guildId) };
}
