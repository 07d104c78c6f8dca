import { pageButtons } from './button.ts';
import { escapeText } from './escape-text.ts';
import { type Message, textMessage } from './message.ts';
import { whoWords } from './setting-words.ts';
import { discordTime } from './time-text.ts';

/** Something that somebody did, in words for people. */
export type AuditLine = { readonly userId: string; readonly action: string; readonly told: string; readonly atMs: number };

type AuditPage = { readonly entries: readonly AuditLine[]; readonly total: number; readonly page: number; readonly pages: number };

export const AUDIT = 'audit';
export const ENTRIES_PER_PAGE = 5;

/** A card takes 4,096 characters, and this page as many entries as that. */
const TOLD_CHARACTERS = 650;

/** One page of who did what, newest first. */
export function renderAudit({ entries, total, page, pages }: AuditPage): Message {
  if (total === 0) return textMessage('Nobody has changed anything yet: settings, presets and setup are as they came.');
  return {
    ...textMessage(''),
    embeds: [{ title: `Audit · ${total}, newest first`, description: entries.map(describe).join('\n\n') }],
    buttons: pageButtons({ component: AUDIT, args: [], page, pages }),
  };
}

function describe({ userId, action, told, atMs }: AuditLine): string {
  return `${discordTime(atMs)} ${whoWords(userId)} **${action.replaceAll('-', ' ')}**\n${showTold(told)}`;
}

/** Roles are shown by name; everything else as it was written. What is too long says so. */
function showTold(told: string): string {
  const text = escapeText(told).replaceAll(/\\<(@&\d+>)/g, '<$1');
  const rest = text.length - TOLD_CHARACTERS;
  // A backslash alone would take the meaning of what follows it.
  return rest <= 0 ? text : `${text.slice(0, TOLD_CHARACTERS).replace(/\\$/, '')}… (${rest} more characters)`;
}
