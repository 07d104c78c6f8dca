import { type GuildView, NOTHING_SET } from '../engine/guild-view.ts';
import { GUILD_CHANGED, listGuilds } from '../store/guilds.ts';
import { listen } from '../store/listen.ts';
import { type ChangeSettings, openSettingChanges } from './change-settings.ts';
import type { Desk } from './open-desk.ts';
import { readGuildView, whyUnusable } from './read-guild-view.ts';

/** What every group has set, at hand without I/O; the database tells when it changes, also by another process. */
export type GuildViews = {
  readonly of: (guildId: string) => GuildView;
  /** Reads a group's anew, at once. */
  readonly refresh: (guildId: string) => Promise<GuildView>;
  /** Changes what a group has set; its view is read anew before the answer. */
  readonly change: ChangeSettings;
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
  /** What was reported of each group: the same is not reported again. */
  const reported = new Map<string, readonly string[]>();
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
    change: openSettingChanges({ pool, onChanged: refresh, reportError }),
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
      reportUnusable(guildId, view);
    }
    return view;
  }

  /** Its people are told when they use it; who runs the desk is told once. */
  function reportUnusable(guildId: string, view: GuildView): void {
    const reasons = whyUnusable(view);
    const fresh = reasons.filter((reason) => !reported.get(guildId)?.includes(reason));
    if (fresh.length > 0) reportError(new Error(`The group ${guildId} has stored what this version cannot use: ${fresh.join('; ')}`));
    reported.set(guildId, reasons);
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
