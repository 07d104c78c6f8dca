import type { Work, WorkKind } from '../engine/work.ts';
import { escapeText } from './escape-text.ts';
import { type Message, textMessage } from './message.ts';

/** Work that ended without a result, for whoever asked for it. */
export type FruitlessEnd = {
  readonly work: Work;
  readonly userId: string | null;
  readonly end:
    | { readonly kind: 'refused'; readonly reason: string }
    | { readonly kind: 'failed'; readonly reference: string }
    | { readonly kind: 'cancelled'; readonly by: string };
};

export function renderFruitlessEnd({ work, userId, end }: FruitlessEnd): Message {
  return messageTo(userId, describeEnd(work, end));
}

/** Words about an end, which whoever asked is told of; in the terminal that is nobody in particular. */
export function messageTo(userId: string | null, text: string): Message {
  return userId === null ? textMessage(text) : { ...textMessage(`<@${userId}> ${text}`), mentionedUserIds: [userId] };
}

/** What work is called in a sentence, and what is left of it when it ends early. */
const WORDS: Readonly<Record<WorkKind, { readonly name: string; readonly afterFailure: string; readonly afterCancel: string }>> = {
  run: { name: 'backtest', afterFailure: ', nothing was traded on it', afterCancel: '' },
  fetch: {
    name: 'fetch',
    afterFailure: '; what it had is kept, so give the command again',
    afterCancel: ' What it had is kept.',
  },
  comparison: { name: 'comparison', afterFailure: ', nothing was traded on it', afterCancel: '' },
};

function describeEnd({ kind, id }: Work, end: FruitlessEnd['end']): string {
  const { name, afterFailure, afterCancel } = WORDS[kind];
  switch (end.kind) {
    case 'refused':
      return `${capitalise(name)} refused: ${escapeText(end.reason)}`;
    case 'failed':
      return `The ${name} broke on our side${afterFailure}. Reference: \`${end.reference}\``;
    case 'cancelled':
      return `Your ${name} \`${id.slice(0, 8)}\` was cancelled by <@${end.by}>.${afterCancel}`;
  }
}

function capitalise(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
