import type { GuildView, WantedSettings } from '../engine/guild-view.ts';
import type { ParameterName } from '../engine/parameters.ts';
import { Refusal } from '../engine/refusal.ts';
import { formatSetting, parseSetting, type SettingValue } from '../engine/settings.ts';
import { customIdOf } from '../render/button.ts';
import type { FilledForm, Form, FormField } from '../render/form.ts';
import { appliedValue, groupWords, settingWords, takesWords } from '../render/setting-words.ts';
import { partsOf } from '../render/settings-panel.ts';
import type { FormPlace } from '../render/settings-refused.ts';
import { askedTarget, findGroup } from './asked-setting.ts';

export const SETTINGS_FORM = 'settings-form';

/** On which message the form stands: the panel that everybody sees, or what was kept for one person. */
export type FormOrigin = 'panel' | 'kept';

/** Some parameters of a group with the values that apply now, or with those that were typed before. */
export function settingsForm(
  place: FormPlace,
  origin: FormOrigin,
  { guild, typed }: { guild: Pick<GuildView, 'set'>; typed: FilledForm },
): Form {
  const { group, part, since } = place;
  const names = partNames(place);
  const fieldOf = (name: ParameterName): FormField => ({
    id: name,
    label: settingWords(name),
    description: takesWords(name),
    value: typed.get(name) ?? formatSetting(appliedValue(name, guild)),
    // An emptied field is a value taken back.
    isRequired: false,
    isLong: false,
  });
  return {
    customId: customIdOf(SETTINGS_FORM, group, part, since, origin),
    title: `${groupWords(group)} · empty = default`,
    fields: names.map(fieldOf),
  };
}

type ReadForm =
  | { readonly kind: 'read'; readonly wanted: WantedSettings }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/** Every value that was typed, or every reason why one is none. */
export function readSettingsForm(filled: FilledForm): ReadForm {
  const read = [...filled].map(([id, text]) => readField(id, text.trim()));
  const reasons = read.flatMap((field) => ('reason' in field ? [field.reason] : []));
  if (reasons.length > 0) return { kind: 'refused', reasons };
  return { kind: 'read', wanted: new Map(read.flatMap((field) => ('name' in field ? [[field.name, field.value] as const] : []))) };
}

type ReadField = { readonly name: ParameterName; readonly value: SettingValue | undefined } | { readonly reason: string };

function readField(id: string, text: string): ReadField {
  try {
    const target = askedTarget(id);
    if (target.kind !== 'parameter') return { reason: OLDER_FORM };
    return { name: target.name, value: text === '' ? undefined : parseSetting(target.name, text) };
  } catch (error) {
    if (error instanceof Refusal) return { reason: error.message };
    throw error;
  }
}

const OLDER_FORM = 'This form is of an older version; open it again with /settings panel';

/** What a custom id says; it is input like any other. */
export function askedPlace([groupWord = '', part = '', since = '']: readonly (string | undefined)[]): FormPlace {
  const group = findGroup(groupWord);
  const place = group === null ? null : { group, part: askedWhole(part), since: askedWhole(since) };
  if (place === null || partsOf(place.group)[place.part] === undefined) throw new Refusal(OLDER_FORM);
  return place;
}

function askedWhole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Refusal(OLDER_FORM);
}

function partNames({ group, part }: FormPlace): readonly ParameterName[] {
  return partsOf(group)[part] ?? [];
}
