import type { SettingChange } from '../engine/guild-view.ts';
import { fitLines } from './fit-lines.ts';
import { type Message, textMessage } from './message.ts';
import { settingText, whoWords } from './setting-words.ts';
import { discordTime } from './time-text.ts';

/** Who changes, and when. */
export type Maker = { readonly userId: string; readonly atMs: number };

/** Discord takes 2 000 characters; a panel has something else to say as well. */
const CHARACTERS = 1_700;

/** What somebody changed, old and new. */
export function renderChanges(changes: readonly SettingChange[], maker: Maker): Message {
  return textMessage(changesText(changes, maker, CHARACTERS));
}

export function changesText(changes: readonly SettingChange[], { userId, atMs }: Maker, characters: number): string {
  const told = fitLines(changes.map(changeLine), characters, (left) => `… and ${left} more: \`/desk audit\` has them all`);
  return `**Changed** by ${whoWords(userId)} ${discordTime(atMs)}\n${told}`;
}

/** `name` old → new. */
export function changeLine({ name, from, to }: SettingChange): string {
  return `\`${name}\` ${settingText(name, from)} → ${settingText(name, to)}`;
}
