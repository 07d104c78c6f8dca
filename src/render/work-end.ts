import { escapeText } from './escape-text.ts';
import { type Message, textMessage } from './message.ts';

/** A run that ended without a result, for whoever asked for it. */
export type FruitlessEnd = {
  readonly runId: string;
  readonly userId: string | null;
  readonly end:
    | { readonly kind: 'refused'; readonly reason: string }
    | { readonly kind: 'failed'; readonly reference: string }
    | { readonly kind: 'cancelled'; readonly by: string };
};

export function renderRunEnd({ runId, userId, end }: FruitlessEnd): Message {
  const mention = userId === null ? '' : `<@${userId}> `;
  return { ...textMessage(`${mention}${describeEnd(runId, end)}`), mentionedUserIds: userId === null ? [] : [userId] };
}

function describeEnd(runId: string, end: FruitlessEnd['end']): string {
  switch (end.kind) {
    case 'refused':
      return `Backtest refused: ${escapeText(end.reason)}`;
    case 'failed':
      return `The backtest broke on our side, nothing was traded on it. Reference: \`${end.reference}\``;
    case 'cancelled':
      return `Your backtest \`${runId.slice(0, 8)}\` was cancelled by <@${end.by}>.`;
  }
}
