import type { GuildView, UnusableSetting } from '../engine/guild-view.ts';
import { isParameterName, type ParameterName } from '../engine/parameters.ts';
import { shorten } from '../engine/shorten.ts';
import { escapeText } from '../render/escape-text.ts';
import { type Message, textMessage } from '../render/message.ts';
import { renderChanges } from '../render/setting-changes.ts';
import { askedTarget, namesOf, type SettingTarget } from './asked-setting.ts';
import { changeNow } from './change-settings.ts';
import type { CommandContext } from './command.ts';

type AskedReset = {
  readonly names: readonly ParameterName[];
  /** Stored under names that this version does not know. */
  readonly unknown: readonly UnusableSetting[];
  readonly words: string;
};

/** What to take back: a parameter, a group of them, all, or what is stored under a name that this version does not know. */
export function askedReset(typed: string, { unusable }: Pick<GuildView, 'unusable'>): AskedReset {
  const unknown = unusable.filter(({ name }) => !isParameterName(name));
  const meant = unknown.filter(({ name }) => name === typed.trim());
  if (meant.length > 0) return { names: [], unknown: meant, words: escapeText(typed) };
  const target = askedTarget(typed);
  return { names: namesOf(target), unknown: target.kind === 'all' ? unknown : [], words: targetWords(target) };
}

/** Takes values of the group back: what is not set has its default. */
export async function resetSettings(
  { names, unknown, words }: AskedReset,
  desk: Pick<CommandContext, 'changeSettings' | 'userId' | 'requestedAtMs'>,
): Promise<Message> {
  const { made } = await changeNow(
    new Map(names.map((name) => [name, undefined])),
    desk,
    unknown.map(({ name }) => name),
  );
  if (unknown.length > 0) return renderWithUnknown(renderChanges(made.changes, made), unknown);
  return made.changes.length > 0 ? renderChanges(made.changes, made) : textMessage(`Nothing changed: the group has not set ${words}.`);
}

/** Shown as they are stored. */
function renderWithUnknown(changed: Message, unknown: readonly UnusableSetting[]): Message {
  const lines = unknown.map(
    ({ name, value }) => `${escapeText(`${shorten(name)} ${shorten(JSON.stringify(value))}`)} → not set; this version does not know it`,
  );
  return textMessage([changed.content.trimEnd(), ...lines].join('\n'));
}

function targetWords(target: SettingTarget): string {
  switch (target.kind) {
    case 'parameter':
      return `\`${target.name}\``;
    case 'group':
      return `anything of ${target.group}`;
    case 'all':
      return 'anything';
  }
}
