import type { GuildView } from '../engine/guild-view.ts';
import { findParameter, PARAMETER_NAMES, type ParameterName } from '../engine/parameters.ts';
import { pageButtons } from './button.ts';
import { type Message, textMessage } from './message.ts';
import { appliedValue, defaultText, settingText, settingWords, takesWords, valueWords, whoWords } from './setting-words.ts';
import { discordTime, relativeTime } from './time-text.ts';

export const SETTINGS = 'settings';
export const SETTINGS_PER_PAGE = 10;

/** In the order of the registry. */
export function namesSet({ set }: Pick<GuildView, 'set'>): readonly ParameterName[] {
  return PARAMETER_NAMES.filter((name) => set.has(name));
}

/** One page of what a group has set; everything else is its default. */
export function renderSetList(
  { set }: Pick<GuildView, 'set'>,
  { page, pages }: { readonly page: number; readonly pages: number },
): Message {
  const names = namesSet({ set });
  if (names.length === 0) {
    return textMessage('This group has set nothing: every parameter has its default. Type `/settings panel` to change that.');
  }
  const lines = names.slice((page - 1) * SETTINGS_PER_PAGE, page * SETTINGS_PER_PAGE).flatMap((name) => {
    const own = set.get(name);
    if (own === undefined) return [];
    return [
      `\`${name}\` **${settingText(name, own.value)}** (default ${defaultText(name)})`,
      `-# ${whoWords(own.setBy)} · ${relativeTime(own.setAtMs)}`,
    ];
  });
  return {
    ...textMessage(
      [
        `**Settings** ${names.length} set by the group`,
        ...lines,
        'One or a group: `/settings show name:risk` · all others are defaults',
      ].join('\n'),
    ),
    buttons: pageButtons({ component: SETTINGS, args: [], page, pages }),
  };
}

/** One parameter: what it means, what applies, where that comes from and what it takes. */
export function renderSetting(name: ParameterName, { set }: Pick<GuildView, 'set'>): Message {
  const own = set.get(name);
  const applies = valueWords(name, appliedValue(name, { set }));
  return textMessage(
    [
      `**${settingWords(name)}** \`${name}\``,
      `${findParameter(name).meaning}.`,
      `Applies: **${applies}**`,
      own === undefined ? '-# not set by the group, so it is the default' : `-# set by ${whoWords(own.setBy)} ${discordTime(own.setAtMs)}`,
      `Takes ${takesWords(name)}`,
      'A preset, an option or `set:` of a run goes over it.',
    ].join('\n'),
  );
}
