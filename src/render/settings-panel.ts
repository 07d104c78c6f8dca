import type { GuildView } from '../engine/guild-view.ts';
import type { ParameterName } from '../engine/parameters.ts';
import { type Button, customIdOf } from './button.ts';
import type { MadeNow } from './made-now.ts';
import { type Message, textMessage } from './message.ts';
import { changesText } from './setting-changes.ts';
import {
  appliedValue,
  defaultText,
  groupWords,
  namesIn,
  SETTING_GROUPS,
  type SettingGroup,
  settingWords,
  valueWords,
  whoWords,
} from './setting-words.ts';
import { relativeTime } from './time-text.ts';

export const SETTINGS_GROUP = 'settings-group';
export const SETTINGS_EDIT = 'settings-edit';

/** Discord shows no more fields in a form. */
const FIELDS = 5;
const MESSAGE_CHARACTERS = 2_000;
/** Who changed and when, before the changes themselves. */
const MAKER_CHARACTERS = 80;

/** The parameters of a group in the order of the registry, as many together as one form shows. */
export function partsOf(group: SettingGroup): readonly (readonly ParameterName[])[] {
  const names = namesIn(group);
  const parts = Math.ceil(names.length / FIELDS);
  const each = Math.ceil(names.length / parts);
  return Array.from({ length: parts }, (_, part) => names.slice(part * each, (part + 1) * each));
}

export type Panel = {
  readonly group: SettingGroup;
  readonly guild: Pick<GuildView, 'set'>;
  /** What a form has just changed; null where the panel is only looked at. */
  readonly made: MadeNow | null;
};

/** One message for everything that can be turned: a select for the group, its values, and buttons that open forms. */
export function renderPanel({ group, guild, made }: Panel): Message {
  const text = groupText(group, guild);
  const told = made === null ? '' : `\n\n${toldOf(made, MESSAGE_CHARACTERS - MAKER_CHARACTERS - text.length)}`;
  return {
    ...textMessage(`${text}${told}`),
    selects: [
      {
        customId: customIdOf(SETTINGS_GROUP),
        placeholder: 'Choose a group of parameters',
        options: SETTING_GROUPS.map((other) => ({
          label: groupWords(other),
          value: other,
          description: countWords(other, guild),
          isChosen: other === group,
        })),
      },
    ],
    buttons: editButtons(group),
  };
}

/** Every parameter of a group: its value, and where that comes from. */
export function groupText(group: SettingGroup, { set }: Pick<GuildView, 'set'>): string {
  const parts = partsOf(group);
  const names = parts.flat();
  const lines = names.flatMap((name, index) => {
    const own = set.get(name);
    const number = parts.length === 1 ? '' : `\`${index + 1}\` `;
    const from =
      own === undefined ? 'default' : `group · ${whoWords(own.setBy)} · ${relativeTime(own.setAtMs)} · default ${defaultText(name)}`;
    return [`${number}**${settingWords(name)}** ${valueWords(name, appliedValue(name, { set }))}`, `-# ${from}`];
  });
  return [`**Settings · ${groupWords(group)}**`, ...lines].join('\n');
}

function editButtons(group: SettingGroup): readonly Button[] {
  const parts = partsOf(group);
  let first = 1;
  return parts.map((names, part) => {
    const last = first + names.length - 1;
    const label = parts.length === 1 ? 'Edit' : `Edit ${first}–${last}`;
    first = last + 1;
    return { customId: customIdOf(SETTINGS_EDIT, group, part), label, style: 'secondary', disabled: false };
  });
}

function countWords(group: SettingGroup, { set }: Pick<GuildView, 'set'>): string {
  const names = namesIn(group);
  const own = names.filter((name) => set.has(name)).length;
  return `${names.length} parameters, ${own === 0 ? 'none' : own} set by the group`;
}

function toldOf({ changes, ...maker }: MadeNow, characters: number): string {
  if (changes.length === 0) return 'Nothing changed: every field says what applied already.';
  return changesText(changes, maker, characters);
}
