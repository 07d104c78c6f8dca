import { escapeText } from './escape-text.ts';
import type { Message } from './message.ts';

/** A run that ended without a result, for whoever asked for it. */
export type FruitlessEnd = {
  readonly userId: string | null;
  readonly end: { readonly kind: 'refused'; readonly reason: string } | { readonly kind: 'failed'; readonly reference: string };
};

export function renderRunEnd({ userId, end }: FruitlessEnd): Message {
  const mention = userId === null ? '' : `<@${userId}> `;
  const text =
    end.kind === 'refused'
      ? `Backtest refused: ${escapeText(end.reason)}`
      : `The backtest broke on our side, nothing was traded on it. Reference: \`${end.reference}\``;
  return {
    content: `${mention}${text}`,
    embeds: [],
    files: [],
    mentionedUserIds: userId === null ? [] : [userId],
  };
}
