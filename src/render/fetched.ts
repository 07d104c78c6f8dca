import type { Timeframe } from '../engine/bar.ts';
import { escapeText } from './escape-text.ts';
import { type Message, textMessage } from './message.ts';
import { fixed } from './number-text.ts';

/** What became of a fetch somebody asked for. */
export type FetchEnd =
  | {
      readonly kind: 'fetched';
      readonly userId: string;
      readonly symbol: string;
      readonly timeframe: Timeframe;
      readonly market: string;
      readonly newBars: number;
      readonly hasFunding: boolean;
    }
  | { readonly kind: 'refused'; readonly userId: string; readonly reason: string }
  | { readonly kind: 'failed'; readonly userId: string; readonly reference: string };

export function renderFetchEnd(end: FetchEnd): Message {
  return { ...textMessage(`<@${end.userId}> ${describeEnd(end)}`), mentionedUserIds: [end.userId] };
}

function describeEnd(end: FetchEnd): string {
  switch (end.kind) {
    case 'fetched': {
      const bars = end.newBars === 0 ? 'all bars were kept already' : `${fixed(end.newBars, 0)} new bars`;
      const funding = end.hasFunding ? ', with funding' : '';
      return `**Fetched** ${end.symbol} ${end.timeframe}: ${bars}${funding}\n${escapeText(end.market)}`;
    }
    case 'refused':
      return `Fetch refused: ${escapeText(end.reason)}`;
    case 'failed':
      return `The fetch broke on our side; what it had is kept, so give the command again. Reference: \`${end.reference}\``;
  }
}
