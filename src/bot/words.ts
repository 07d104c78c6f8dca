import type { Refusal } from '../engine/refusal.ts';
import { escapeText } from '../render/escape-text.ts';

/** Discord takes 2 000 characters, and escaping can double a text. */
const REFUSAL_CHARACTERS = 950;

export const OUTSIDE = 'Commands work in a server only; give it in a channel of your server.';

export const DATABASE_AWAY = 'The database is unavailable at the moment; nothing was started. Wait a few seconds and try again.';

/** A refusal as Discord shows it as written. */
export function showRefusal({ message }: Refusal): string {
  return escapeText(message.length <= REFUSAL_CHARACTERS ? message : `${message.slice(0, REFUSAL_CHARACTERS)}… (shortened)`);
}

export function apologise(reference: string): string {
  return `Something broke on our side. Reference: \`${reference}\``;
}
