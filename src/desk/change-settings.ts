import type { SettingsOutcome } from '../commands/ports.ts';
import { writeAudit } from '../store/audit.ts';
import { changesSince, writeSettingChanges } from '../store/guild-settings.ts';
import { lockGuild } from '../store/guilds.ts';
import type { Pool } from '../store/pool.ts';
import { transact } from '../store/transaction.ts';
import { type AskedChange, judgeChanges, type Verdict, type Wish } from './judge-changes.ts';
import { readStoredGuild } from './read-guild-view.ts';

type Changing = { readonly guildId: string; readonly userId: string };

/** Changes what a group has set and writes who did, or neither. The view is of the same moment: nothing lies between it and the answer. */
export type ChangeSettings = (changing: Changing, wish: Wish) => Promise<SettingsOutcome>;

const NOT_JUDGED: Verdict = { kind: 'thrown', error: new Error('A change of settings was not judged.') };

type Waiting = AskedChange & { readonly settle: (verdict: Verdict) => void };

type Ports = {
  readonly pool: Pool;
  /** Is done, or has failed, before anybody is answered. */
  readonly onChanged: (guildId: string) => Promise<unknown>;
  readonly reportError: (error: unknown) => void;
};

/**
 * Changes exclude each other within a group. Those that come while one is under way are written in one transaction after it, in the order
 * in which they came, each judged by itself.
 */
export function openSettingChanges({ pool, onChanged, reportError }: Ports): ChangeSettings {
  const waitingIn = new Map<string, Waiting[]>();

  async function changeAll(guildId: string): Promise<void> {
    for (let batch = takeFrom(guildId); batch.length > 0; batch = takeFrom(guildId)) {
      const verdicts = await changeTogether(guildId, batch);
      for (const [index, { settle }] of batch.entries()) settle(verdicts[index] ?? NOT_JUDGED);
    }
    waitingIn.delete(guildId);
  }

  function takeFrom(guildId: string): readonly Waiting[] {
    const batch = waitingIn.get(guildId) ?? [];
    waitingIn.set(guildId, []);
    return batch;
  }

  async function changeTogether(guildId: string, batch: readonly AskedChange[]): Promise<readonly Verdict[]> {
    let verdicts: readonly Verdict[];
    try {
      verdicts = await writeChanges(pool, guildId, batch);
    } catch (error) {
      return batch.map(() => ({ kind: 'thrown', error }));
    }
    // What is written is written: the answer carries what it needs, and the next notice brings the rest.
    await onChanged(guildId).catch(reportError);
    return verdicts;
  }

  return ({ guildId, userId }, wish) => {
    const { promise, resolve, reject } = Promise.withResolvers<SettingsOutcome>();
    const settle = (verdict: Verdict) => (verdict.kind === 'judged' ? resolve(verdict.outcome) : reject(verdict.error));
    const isUnderWay = waitingIn.has(guildId);
    waitingIn.set(guildId, [...(waitingIn.get(guildId) ?? []), { userId, wish, settle }]);
    if (!isUnderWay) void changeAll(guildId);
    return promise;
  };
}

async function writeChanges(pool: Pool, guildId: string, asked: readonly AskedChange[]): Promise<readonly Verdict[]> {
  return transact(pool, async (tx) => {
    const { atMs } = await lockGuild(tx, guildId);
    const guild = await readStoredGuild(tx, guildId);
    const formedOn = asked.flatMap(({ wish: { since } }) => (since === null ? [] : [since]));
    const history = formedOn.length === 0 ? [] : await changesSince(tx, guildId, Math.min(...formedOn));
    const { verdicts, steps } = judgeChanges({ guild, history, atMs }, asked);
    if (steps.length > 0) {
      await writeSettingChanges(tx, guildId, steps);
      await writeAudit(tx, guildId, ...steps.map(({ userId, told }) => ({ userId, action: 'settings-changed' as const, told })));
    }
    return verdicts;
  });
}
