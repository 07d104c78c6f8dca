import { isDeepStrictEqual } from 'node:util';
import type { DeskPorts, SettingsOutcome } from '../commands/ports.ts';
import type { GuildView, MadeChange, SettingChange, UnusableSetting, WantedSettings } from '../engine/guild-view.ts';
import type { ParameterName } from '../engine/parameters.ts';
import { DEFAULT_SETTINGS, effectiveSettings, formatSetting, type SettingValue } from '../engine/settings.ts';
import { differences, type SettingStep, type StoredChange, type StoredSettings, storedValue } from '../store/guild-settings.ts';
import { refusalOf, type StoredGuild, viewOf } from './read-guild-view.ts';

export type Wish = Parameters<DeskPorts['changeSettings']>[0];

export type AskedChange = { readonly userId: string; readonly wish: Wish };

/** What comes of one change; what is thrown at it is for whoever asked for it alone. */
export type Verdict = { readonly kind: 'judged'; readonly outcome: SettingsOutcome } | { readonly kind: 'thrown'; readonly error: unknown };

/** A step with its words for the audit. */
export type ToldStep = SettingStep & { readonly told: string };

type Before = {
  readonly guild: StoredGuild;
  /** What was changed since the oldest revision that one of the wishes was formed on. */
  readonly history: readonly StoredChange[];
  /** When what is changed now is changed. */
  readonly atMs: number;
};

type Judged = { readonly verdicts: readonly Verdict[]; readonly steps: readonly ToldStep[] };

/** Judges changes of one group one after another, each on what those before it have made of the settings. */
export function judgeChanges({ guild, history, atMs }: Before, asked: readonly AskedChange[]): Judged {
  let now: Now = { settings: guild.settings, history };
  const steps: ToldStep[] = [];
  const verdicts = asked.map(({ userId, wish }): Verdict => {
    try {
      const judgement = judge(now, wish);
      if (judgement.kind === 'change') {
        const revision = now.settings.revision + 1;
        steps.push({ revision, userId, ...stepOf(judgement) });
        now = advance(now, judgement, { userId, atMs, revision });
      }
      return { kind: 'judged', outcome: outcomeOf(judgement, viewOf({ ...guild, settings: now.settings })) };
    } catch (error) {
      return { kind: 'thrown', error };
    }
  });
  return { verdicts, steps };
}

type Now = { readonly settings: StoredSettings; readonly history: readonly StoredChange[] };

type Change = { readonly kind: 'change'; readonly changes: readonly SettingChange[]; readonly forgotten: readonly UnusableSetting[] };

type Judgement =
  | Change
  | { readonly kind: 'nothing' }
  | { readonly kind: 'conflict'; readonly theirs: readonly MadeChange[]; readonly touched: WantedSettings };

function judge({ settings, history }: Now, { wanted, since, unknown = [] }: Wish): Judgement {
  const { touched, theirs } = since === null ? { touched: wanted, theirs: [] } : compare(wanted, readSince(settings, history, since));
  if (theirs.length > 0) return { kind: 'conflict', theirs, touched };
  const forgotten = settings.unusable.filter(({ name }) => unknown.includes(name));
  const left = settings.unusable.filter((other) => !forgotten.includes(other) && ![...touched.keys()].some((name) => name === other.name));
  // Taking back always helps; a value may not go with what cannot be read.
  if (left.length > 0 && [...touched.values()].some((value) => value !== undefined)) throw refusalOf(left);
  refuseImpossible(settings.set, touched);
  const changes = differences(settings, touched);
  return changes.length + forgotten.length === 0 ? { kind: 'nothing' } : { kind: 'change', changes, forgotten };
}

type Since = {
  /** What was set then. */
  readonly setThen: (name: ParameterName) => SettingValue | undefined;
  /** What became of it: one change for each parameter, told as made by whoever made the last. */
  readonly made: ReadonlyMap<ParameterName, MadeChange>;
};

function readSince(settings: StoredSettings, history: readonly StoredChange[], since: number): Since {
  const made = new Map<ParameterName, MadeChange>();
  for (const { revision, ...change } of history) {
    if (revision <= since) continue;
    const earlier = made.get(change.name);
    made.set(change.name, earlier === undefined ? change : { ...change, from: earlier.from });
  }
  return { made, setThen: (name) => (made.has(name) ? made.get(name)?.from : storedValue(settings, name)) };
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

type Made = { readonly userId: string; readonly atMs: number; readonly revision: number };

function advance({ settings, history }: Now, { changes, forgotten }: Change, { userId, atMs, revision }: Made): Now {
  const set = new Map(settings.set);
  for (const { name, to } of changes) {
    if (to === undefined) set.delete(name);
    else set.set(name, { value: to, setBy: userId, setAtMs: atMs });
  }
  const gone = [...changes, ...forgotten].map(({ name }): string => name);
  const made = changes.map((change) => ({ ...change, revision, changedBy: userId, changedAtMs: atMs }));
  return {
    settings: { revision, set, unusable: settings.unusable.filter(({ name }) => !gone.includes(name)) },
    history: [...history, ...made],
  };
}

function stepOf({ changes, forgotten }: Change): Pick<ToldStep, 'changes' | 'told'> {
  const takenBack = forgotten.map(({ name, value }) => ({ name, from: value, to: undefined }));
  const told = [
    ...changes.map(({ name, from, to }) => `${name} ${spell(from)} → ${spell(to)}`),
    ...takenBack.map(({ name, from }) => `${name} ${JSON.stringify(from)} → not set`),
  ];
  return { changes: [...changes, ...takenBack], told: told.join('; ') };
}

function spell(value: SettingValue | undefined): string {
  return value === undefined ? 'not set' : formatSetting(value);
}

function outcomeOf(judgement: Judgement, guild: GuildView): SettingsOutcome {
  switch (judgement.kind) {
    case 'conflict':
      return { ...judgement, guild };
    case 'nothing':
      return { kind: 'changed', changes: [], guild };
    case 'change':
      return { kind: 'changed', changes: judgement.changes, guild };
  }
}
