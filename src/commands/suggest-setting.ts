import type { GuildView } from '../engine/guild-view.ts';
import { PARAMETERS } from '../engine/parameters.ts';
import { formatSetting } from '../engine/settings.ts';
import { rangeOf } from '../render/range-text.ts';
import { namesIn, SETTING_GROUPS } from '../render/setting-words.ts';
import { ALL_SETTINGS } from './asked-setting.ts';
import { type Choice, fitChoices } from './choices.ts';
import { candidatesFor, findKnown, matchNames } from './setting-candidates.ts';

/** Names with what each takes; all of them when nothing fits. */
export function suggestSettingNames(text: string, what: 'parameters' | 'groups too'): readonly Choice[] {
  const typed = text.trim().toLowerCase();
  const groups =
    what === 'parameters' ? [] : [...SETTING_GROUPS.map(groupChoice), { name: `${ALL_SETTINGS} (everything)`, value: ALL_SETTINGS }];
  const matching = [
    ...groups.filter(({ value }) => value.startsWith(typed)),
    ...matchNames(PARAMETERS, typed).map((parameter) => ({ name: `${parameter.name} (${rangeOf(parameter)})`, value: parameter.name })),
  ];
  return matching.length === 0 ? suggestSettingNames('', what) : fitChoices(matching);
}

/** Values of the parameter that the other option names: the one that applies, the default, and the ends of its range. */
export function suggestSettingValues(name: string, text: string, { set }: Pick<GuildView, 'set'>): readonly Choice[] {
  const parameter = findKnown(name.trim().toLowerCase());
  if (parameter === null) return [];
  const own = set.get(parameter.name);
  const now = own === undefined ? [] : [{ value: formatSetting(own.value), note: 'now' }];
  return fitChoices(
    candidatesFor(parameter, text.trim(), now).map(({ value, note }) => ({ name: note === '' ? value : `${value} (${note})`, value })),
  );
}

function groupChoice(group: (typeof SETTING_GROUPS)[number]): Choice {
  return { name: `${group} (a group: ${namesIn(group).length} parameters)`, value: group };
}
