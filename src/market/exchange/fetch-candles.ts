import { TIMEFRAME_MS, TIMEFRAMES, type Timeframe } from '../../engine/bar.ts';
import { Refusal } from '../../engine/refusal.ts';
import { aggregatePages } from './aggregate-pages.ts';
import type { Exchange, ExchangeMarket } from './exchange.ts';
import { type FetchedPage, readFetchedPages } from './read-fetched-pages.ts';

export type CandlesWanted = {
  readonly exchange: Exchange;
  readonly market: ExchangeMarket;
  readonly timeframe: Timeframe;
  /** Bars that open in [startMs, endMs), as far as they have closed. */
  readonly startMs: number;
  readonly endMs: number;
  readonly signal: AbortSignal;
};

/**
 * The closed bars of a market, page by page in the order of time, so that what is stored is whole up to its last page and a killed
 * fetch goes on from there. Missing bars stay missing; a bad bar is a Refusal. A timeframe that the exchange lacks is put together
 * from the longest one it has.
 */
export async function* fetchCandles(wanted: CandlesWanted): AsyncGenerator<FetchedPage, void, undefined> {
  const { exchange, market, timeframe, signal } = wanted;
  const base = findBaseTimeframe(exchange, timeframe);
  const range = alignRange(wanted, exchange.ports.nowMs());
  if (range.startMs >= range.endMs) return;

  const pages = readFetchedPages({ exchange, market, timeframe: base, ...range, signal });
  yield* base === timeframe ? pages : aggregatePages(pages, base, timeframe);
}

/** Whole bars that have closed by now. */
function alignRange({ startMs, endMs, timeframe }: CandlesWanted, nowMs: number): { readonly startMs: number; readonly endMs: number } {
  const stepMs = TIMEFRAME_MS[timeframe];
  const lastMs = Math.min(Math.ceil(endMs / stepMs) * stepMs, Math.floor(nowMs / stepMs) * stepMs);
  return { startMs: Math.ceil(startMs / stepMs) * stepMs, endMs: lastMs };
}

function findBaseTimeframe(exchange: Exchange, timeframe: Timeframe): Timeframe {
  const fits = exchange.timeframes.filter((own) => TIMEFRAME_MS[timeframe] % TIMEFRAME_MS[own] === 0);
  const base = TIMEFRAMES.findLast((own) => fits.includes(own));
  if (base !== undefined) return base;
  throw new Refusal(
    `${exchange.name} has no ${timeframe} bars, and none that they could be put together from. It has ${exchange.timeframes.join(' ') || 'none we know'}.`,
  );
}
