import type { Timeframe } from '../engine/bar.ts';
import { escapeText } from './escape-text.ts';
import type { Message } from './message.ts';
import { fixed } from './number-text.ts';
import { discordTime } from './time-text.ts';
import { messageTo } from './work-end.ts';

/** Bars to be fetched; times in ms UTC. */
type Wanted = {
  readonly exchange: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly startMs: number;
  readonly endMs: number;
};

/** What a fetch is, in a line. */
export function fetchHeading({ exchange, symbol, timeframe, startMs, endMs }: Wanted): string {
  return `**Fetch** ${symbol} · ${timeframe} · ${discordTime(startMs)} to ${discordTime(endMs)} · ${exchange}`;
}

/** A fetch that got what there is. */
export type Fetched = {
  /** Null in the terminal. */
  readonly userId: string | null;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** Which market it is; for people. */
  readonly market: string;
  /** Bars that were not kept before. */
  readonly newBars: number;
  /** Whether the exchange publishes funding of the market. */
  readonly hasFunding: boolean;
};

export function renderFetched({ userId, symbol, timeframe, market, newBars, hasFunding }: Fetched): Message {
  const bars = newBars === 0 ? 'all bars were kept already' : `${fixed(newBars, 0)} new ${newBars === 1 ? 'bar' : 'bars'}`;
  const funding = hasFunding ? ', with funding' : '';
  return messageTo(userId, `**Fetched** ${symbol} ${timeframe}: ${bars}${funding}\n${escapeText(market)}`);
}
