import type { MadeChange } from '../engine/guild-view.ts';
import { type Button, customIdOf } from './button.ts';
import { escapeText } from './escape-text.ts';
import { fitLines } from './fit-lines.ts';
import type { FilledForm } from './form.ts';
import { writeKept } from './kept-text.ts';
import { type Message, textMessage } from './message.ts';
import { changeLine } from './setting-changes.ts';
import { type SettingGroup, whoWords } from './setting-words.ts';
import { relativeTime } from './time-text.ts';

export const SETTINGS_AGAIN = 'settings-again';

/** Which form, and the revision it was formed on. */
export type FormPlace = { readonly group: SettingGroup; readonly part: number; readonly since: number };

/** Beside what was typed, which may take the rest of the 2 000 that Discord takes. */
const REASONS_CHARACTERS = 450;
const REASON_CHARACTERS = 200;

/** Values that are none: what was typed is kept, and a button opens the form with it. */
export function renderRefused(reasons: readonly string[], typed: FilledForm, place: FormPlace): Message {
  const told = fitLines(
    reasons.map((reason) => escapeText(shorten(reason))),
    REASONS_CHARACTERS,
    (left) => `… and ${left} more values are refused`,
  );
  return withAgain(['**Not changed.** Nothing of it is stored.', told, '', keptText(typed)], { place, label: 'Correct it' });
}

/** Others changed the same while the form was open. */
export function renderConflict(theirs: readonly MadeChange[], typed: FilledForm, place: FormPlace): Message {
  const lines = theirs.map((change) => `${changeLine(change)}\n-# ${whoWords(change.changedBy)} · ${relativeTime(change.changedAtMs)}`);
  const told = fitLines(lines, REASONS_CHARACTERS, (left) => `… and ${left} more: \`/desk audit\` has them all`);
  return withAgain(
    ['**Not changed.** While your form was open somebody changed', told, 'Nothing of yours is stored.', '', keptText(typed)],
    {
      place,
      label: 'Open with mine',
    },
  );
}

function withAgain(lines: readonly string[], { place, label }: { readonly place: FormPlace; readonly label: string }): Message {
  const { group, part, since } = place;
  const again: Button = { customId: customIdOf(SETTINGS_AGAIN, group, part, since), label, style: 'primary', disabled: false };
  return { ...textMessage(lines.join('\n')), buttons: [again] };
}

function keptText(typed: FilledForm): string {
  return `You typed:\n${writeKept(typed)}`;
}

function shorten(reason: string): string {
  return reason.length <= REASON_CHARACTERS ? reason : `${reason.slice(0, REASON_CHARACTERS - 1)}…`;
}
