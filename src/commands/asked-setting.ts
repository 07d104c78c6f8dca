import { nearestName } from '../engine/nearest-name.ts';
import { isParameterName, PARAMETER_NAMES, type ParameterName } from '../engine/parameters.ts';
import { Refusal } from '../engine/refusal.ts';
import { namesIn, SETTING_GROUPS, type SettingGroup } from '../render/setting-words.ts';
import { quote } from './asked-number.ts';

/** What a person may mean by one word: a parameter, a group of them, or all. */
export type SettingTarget =
  | { readonly kind: 'parameter'; readonly name: ParameterName }
  | { readonly kind: 'group'; readonly group: SettingGroup }
  | { readonly kind: 'all' };

export const ALL_SETTINGS = 'all';

const WORDS: readonly string[] = [...PARAMETER_NAMES, ...SETTING_GROUPS, ALL_SETTINGS];

export function askedTarget(typed: string): SettingTarget {
  const word = typed.trim().toLowerCase();
  if (word === ALL_SETTINGS) return { kind: 'all' };
  const group = findGroup(word);
  if (group !== null) return { kind: 'group', group };
  if (isParameterName(word)) return { kind: 'parameter', name: word };
  throw new Refusal(
    `There is no parameter or group ${quote(typed)}; the nearest is ${nearestName(word.slice(0, 100), WORDS)} (groups: ${SETTING_GROUPS.join(', ')}; or all)`,
  );
}

export function namesOf(target: SettingTarget): readonly ParameterName[] {
  switch (target.kind) {
    case 'parameter':
      return [target.name];
    case 'group':
      return namesIn(target.group);
    case 'all':
      return PARAMETER_NAMES;
  }
}

/** Null when it is none. */
export function findGroup(word: string): SettingGroup | null {
  return SETTING_GROUPS.find((group) => group === word) ?? null;
}
