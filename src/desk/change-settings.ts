import { isDeepStrictEqual } from 'node:util';
import type { DeskPorts, SettingsOutcome } from '../commands/ports.ts';
import type { GuildView, MadeChange, SettingChange, WantedSettings } from '../engine/guild-view.ts';
import type { ParameterName } from '../engine/parameters.ts';
import { DEFAULT_SETTINGS, effectiveSettings, formatSetting, type SettingValue } from '../engine/settings.ts';
import { writeAudit } from '../store/audit.ts';
import { changesSince, differences, readGuildSettings, writeSettingChanges } from '../store/guild-settings.ts';
import { lockGuild } from '../store/guilds.ts';
import type { Pool } from '../store/pool.ts';
import { type Tx, transact } from '../store/transaction.ts';
import { readGuildView } from './guild-views.ts';

type Changing = { readonly guildId: string; readonly userId: string };
type Wish = Parameters<DeskPorts['changeSettings']>[0];

/** Changes what a group has set and writes who did, or neither. The view is of the same moment: nothing lies between it and the answer. */
export async function changeSettings(pool: Pool, { guildId, userId }: Changing, { wanted, since }: Wish): Promise<SettingsOutcome> {
  return transact(pool, async (tx) => {
    await lockGuild(tx, guildId);
    const before = await readGuildSettings(tx, guildId);
    const { touched, theirs } =
      since === null ? { touched: wanted, theirs: [] } : compare(wanted, await readSince(tx, guildId, { since, set: before.set }));
    if (theirs.length > 0) return { kind: 'conflict', theirs, touched, guild: await readGuildView(tx, guildId) };
    refuseImpossible(before.set, touched);
    const changes = differences(before, touched);
    if (changes.length > 0) {
      await writeSettingChanges(tx, { guildId, userId, revision: before.revision + 1, changes });
      await writeAudit(tx, guildId, { userId, action: 'settings-changed', told: changes.map(tell).join('; ') });
    }
    return { kind: 'changed', changes, guild: await readGuildView(tx, guildId) };
  });
}

type Since = {
  /** What was set then. */
  readonly setThen: (name: ParameterName) => SettingValue | undefined;
  /** What became of it: one change for each parameter, told as made by whoever made the last. */
  readonly made: ReadonlyMap<ParameterName, MadeChange>;
};

type Past = Pick<GuildView, 'set'> & { readonly since: number };

async function readSince(tx: Tx, guildId: string, { since, set }: Past): Promise<Since> {
  const made = new Map<ParameterName, MadeChange>();
  for (const change of await changesSince(tx, guildId, since)) {
    const earlier = made.get(change.name);
    made.set(change.name, earlier === undefined ? change : { ...change, from: earlier.from });
  }
  return { made, setThen: (name) => (made.has(name) ? made.get(name)?.from : set.get(name)?.value) };
}

/** What was formed on an earlier state: a parameter that is wanted as it stood then was not touched, and what others made of it stays. */
function compare(
  wanted: WantedSettings,
  { made, setThen }: Since,
): { readonly touched: WantedSettings; readonly theirs: readonly MadeChange[] } {
  const touched = new Map([...wanted].filter(([name, value]) => !stoodAs(name, setThen(name), value)));
  const theirs = [...made.values()].filter(
    ({ name, from, to }) => touched.has(name) && !isDeepStrictEqual(from, to) && !isDeepStrictEqual(touched.get(name), to),
  );
  return { touched, theirs };
}

/** What was not set stood there with its default. */
function stoodAs(name: ParameterName, set: SettingValue | undefined, wanted: SettingValue | undefined): boolean {
  return isDeepStrictEqual(wanted, set) || (set === undefined && isDeepStrictEqual(wanted, DEFAULT_SETTINGS[name]));
}

/** Values may be possible each by itself and not together, e.g. periods without the custom mode. */
function refuseImpossible(set: GuildView['set'], wanted: WantedSettings): void {
  const after = new Map([...set].map(([name, { value }]): [string, SettingValue | undefined] => [name, value]));
  for (const [name, value] of wanted) after.set(name, value);
  effectiveSettings(Object.fromEntries([...after].filter(([, value]) => value !== undefined)));
}

function tell({ name, from, to }: SettingChange): string {
  return `${name} ${spell(from)} → ${spell(to)}`;
}

function spell(value: SettingValue | undefined): string {
  return value === undefined ? 'not set' : formatSetting(value);
}
