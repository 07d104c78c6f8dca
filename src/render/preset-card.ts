import type { GuildPreset } from '../engine/guild-view.ts';
import { PARAMETER_NAMES, type ParameterName } from '../engine/parameters.ts';
import type { RunPreset } from '../engine/presets.ts';
import { formatSettingPairs } from '../engine/setting-pairs.ts';
import { DEFAULT_SETTINGS, formatSetting, type Overrides } from '../engine/settings.ts';
import { escapeText } from './escape-text.ts';
import { fitLines } from './fit-lines.ts';
import { type Message, textMessage } from './message.ts';
import { settingText, settingWords, whoWords } from './setting-words.ts';
import { codeBlock, sides, TABLE_COLUMNS } from './table.ts';
import { discordTime } from './time-text.ts';

/** Discord takes 4 096. */
const EMBED_CHARACTERS = 3_900;

/** A preset of the group's own, or one that every group has, which also says what to trade. */
export type ShownPreset =
  | { readonly kind: 'built-in'; readonly preset: RunPreset }
  | { readonly kind: 'own'; readonly preset: GuildPreset };

/** What a preset is and what differs from the defaults with it. */
export function renderPreset(shown: ShownPreset): Message {
  const { name, description } = shown.preset;
  return {
    ...textMessage([`**Preset ${name}** ${escapeText(description)}`, `-# ${originOf(shown)}`].join('\n')),
    embeds: [{ description: `${differences(shown.preset.overrides)}\nRun it: \`/backtest preset:${name}\`` }],
  };
}

type Replaced = { readonly held: GuildPreset /** What to type to have it back. */; readonly again: string };

/** A preset was saved; where there was one of that name, what that held is not lost. */
export function renderSaved(preset: Pick<GuildPreset, 'name' | 'description' | 'overrides'>, replaced: Replaced | null): Message {
  const { name, description, overrides } = preset;
  const told = `${differences(overrides)}\nRun it: \`/backtest preset:${name}\``;
  return {
    ...textMessage(`**Preset ${name} saved** ${escapeText(description)}`),
    embeds: [{ description: replaced === null ? told : `${told}\n\n${replacedText(replaced, EMBED_CHARACTERS - told.length)}` }],
  };
}

function replacedText({ held, again }: Replaced, characters: number): string {
  return `It replaces what ${whoWords(held.savedBy)} saved ${discordTime(held.savedAtMs)}. That again:\n${copyable(again, characters)}`;
}

/** A preset is gone; `again` is what to type to have it back. */
export function renderDeleted({ name, savedBy, savedAtMs }: GuildPreset, again: string): Message {
  return {
    ...textMessage(`**Preset ${name} deleted.** ${whoWords(savedBy)} saved it ${discordTime(savedAtMs)}.`),
    embeds: [{ description: `To have it again:\n${copyable(again, EMBED_CHARACTERS)}` }],
  };
}

/** The command that saves a preset as it is. */
export function saveCommand({ name, description, overrides }: GuildPreset): string {
  return `/preset save name:${name} description:${description} set:${formatSettingPairs(overrides)}`;
}

function originOf(shown: ShownPreset): string {
  if (shown.kind === 'own') {
    const { savedBy, savedAtMs } = shown.preset;
    return `of this group · ${whoWords(savedBy)} ${discordTime(savedAtMs)}`;
  }
  const { symbols, timeframes, days, strategyId } = shown.preset;
  return `built-in · ${symbols.join(' ')} · ${timeframes.join(' ')} · ${days} days · ${strategyId}`;
}

/** Default and value of each that differs; what is held although it is the default goes over what the group has set. */
function differences(overrides: Overrides): string {
  const held = PARAMETER_NAMES.filter((name) => overrides[name] !== undefined);
  const differing = held.filter((name) => textOf(overrides, name) !== formatSetting(DEFAULT_SETTINGS[name]));
  const same = held.filter((name) => !differing.includes(name)).map((name) => `\`${name}=${textOf(overrides, name)}\``);
  const changes = differing.map((name) => ({ name, told: `${formatSetting(DEFAULT_SETTINGS[name])} → ${textOf(overrides, name)}` }));
  const rows = changes.filter(({ told }) => told.length <= TABLE_COLUMNS).map(({ name, told }) => sides(settingWords(name), told));
  // A table would cut them.
  const long = changes.filter(({ told }) => told.length > TABLE_COLUMNS).map(({ name, told }) => `\`${name}\` ${told}`);
  return [
    differing.length === 0 ? 'Everything is as the defaults are.' : 'Default → here',
    ...(rows.length === 0 ? [] : [codeBlock(rows)]),
    ...long,
    ...(same.length === 0 ? [] : [`Held at the default, whatever the group sets: ${same.join(' ')}`]),
  ].join('\n');
}

function textOf(overrides: Overrides, name: ParameterName): string {
  return settingText(name, overrides[name]);
}

function copyable(command: string, characters: number): string {
  return fitLines([codeBlock([command])], characters, () => '`/desk audit` has it: it is too long for here.');
}
