import { DAY_MS, type Timeframe } from '../engine/bar.ts';
import { askedSymbol } from './asked-symbols.ts';
import { askedTimeframe } from './asked-timeframes.ts';
import { askedWindow } from './asked-window.ts';

export const DEFAULT_FETCH_DAYS = 30;

/** Bars somebody wants to be fetched; open times in ms UTC, half-open. */
export type FetchAsk = {
  /** As ccxt names it. */
  readonly exchange: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly startMs: number;
  readonly endMs: number;
};

/** As it was typed; null where nothing was. */
type Asked = {
  readonly exchange: string;
  readonly symbol: string;
  readonly timeframe: string;
  readonly days: number | string | null;
  readonly start: string | null;
  readonly end: string | null;
};

/** Turns what was asked into a range that is past; without a word about it, the last month. */
export function resolveFetchRequest({ exchange, symbol, timeframe: word, ...window }: Asked, requestedAtMs: number): FetchAsk {
  const timeframe = askedTimeframe(word.trim());
  const asked = askedWindow(window, { defaultDays: DEFAULT_FETCH_DAYS, base: timeframe, requestedAtMs, bars: 'until-now' });
  const common = { exchange, symbol: askedSymbol(symbol), timeframe };
  if (asked.kind === 'range') return { ...common, startMs: asked.startMs, endMs: asked.endMs ?? requestedAtMs };
  const days = asked.kind === 'days' ? asked.days : DEFAULT_FETCH_DAYS;
  return { ...common, startMs: requestedAtMs - days * DAY_MS, endMs: requestedAtMs };
}
