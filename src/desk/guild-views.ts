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
  /** Of each view, which reading it is of: one that began before it and ends after it is older. */
  const readings = new Map<string, number>();
  let begun = 0;
  /** Groups that changed once more while they were being read. */
  const changedAgain = new Set<string>();
  const beingRead = new Set<string>();
  const listening = await listen({
    databaseUrl,
    channels: [GUILD_CHANGED],
    onNotice: (_, guildId) => refreshSoon(guildId),
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
    const reading = ++begun;
    const view = await readGuildView(pool, guildId);
    if (reading > (readings.get(guildId) ?? 0)) {
      readings.set(guildId, reading);
      views.set(guildId, view);
    }
    return view;
  }

  /** Notices come one for each change; those that come during a reading are answered by one more. */
  function refreshSoon(guildId: string): void {
    if (beingRead.has(guildId)) {
      changedAgain.add(guildId);
      return;
    }
    beingRead.add(guildId);
    inBackground(
      refresh(guildId).finally(() => {
        beingRead.delete(guildId);
        if (changedAgain.delete(guildId)) refreshSoon(guildId);
      }),
    );
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
