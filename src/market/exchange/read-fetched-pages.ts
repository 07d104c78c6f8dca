import { MINUTE_MS, TIMEFRAME_MS } from '../../engine/bar.ts';
import type { Candles } from '../../engine/candles.ts';
import { Refusal } from '../../engine/refusal.ts';
import { type CandlePage, readCandlePage, spell } from './candle-page.ts';
import { proveReach, refuseReach, type Walk } from './prove-reach.ts';

/** Bars that are to be stored at once, and the range they settle: it has no other bars, and none of it need be asked for again. */
export type FetchedPage = { readonly candles: Candles; readonly fromMs: number; readonly toMs: number };

/** Bars this fresh may be published late; that they are missing is not believed. */
const FRESH_MS = 5 * MINUTE_MS;

/**
 * Walks over the range from its start, each page from behind the last bar of the one before. Nothing is inferred from how many bars
 * come: only from where they lie. Wherever bars seem to be missing at the start of a page the exchange is asked again.
 */
export async function* readFetchedPages(walk: Walk): AsyncGenerator<FetchedPage> {
  const { exchange, market, timeframe, startMs, endMs } = walk;
  const stepMs = TIMEFRAME_MS[timeframe];
  const pageBars = exchange.pageBars(market);
  let settledMs = startMs;
  let isReachProven = false;

  for (let cursorMs = startMs; cursorMs < endMs; ) {
    const limit = Math.min(pageBars, (endMs - cursorMs) / stepMs);
    const page = await askAgreed(walk, cursorMs, limit);
    const nowMs = exchange.ports.nowMs();
    if (page.firstMs === null) refuseOld(walk, page, cursorMs - pageBars * stepMs);
    else {
      const reachesNow = (page.newestMs ?? 0) + 2 * stepMs > nowMs;
      if (page.firstMs > cursorMs && reachesNow && !isReachProven) await proveReach(walk, cursorMs, page.firstMs);
      isReachProven ||= page.firstMs > cursorMs || !reachesNow;
    }

    const settlement = settle(page, { cursorMs, endMs, stepMs, limit, nowMs });
    cursorMs = settlement.cursorMs;
    if (settlement.settledMs <= settledMs) continue;
    yield { candles: page.candles, fromMs: settledMs, toMs: settlement.settledMs };
    settledMs = settlement.settledMs;
  }
}

type Position = {
  readonly cursorMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly limit: number;
  readonly nowMs: number;
};

/** Where to go on after a page, and up to where everything is known. */
function settle({ candles, oldestMs, firstMs }: CandlePage, { cursorMs, endMs, stepMs, limit, nowMs }: Position) {
  const lastMs = candles.openTimeMs.at(-1);
  if (lastMs !== undefined) return { cursorMs: lastMs + stepMs, settledMs: lastMs + stepMs };

  const nextMs = firstMs === null ? Math.min(endMs, cursorMs + limit * stepMs) : endMs;
  // Bars of before where later ones were asked for prove nothing; the next bars do.
  if (firstMs === null && oldestMs !== null) return { cursorMs: nextMs, settledMs: 0 };
  return { cursorMs: nextMs, settledMs: Math.min(nextMs, Math.floor((nowMs - FRESH_MS) / stepMs) * stepMs) };
}

/**
 * The page from a time on. Where it leaves out bars at its start, or is empty, an answer is asked for again, until two agree: an
 * exchange may cut a page at its older end, or have nothing to say for a moment.
 */
async function askAgreed(walk: Walk, sinceMs: number, limit: number): Promise<CandlePage> {
  const stepMs = TIMEFRAME_MS[walk.timeframe];
  let page = await ask(walk, sinceMs, limit);
  while (page.firstMs !== sinceMs) {
    const again = await ask(walk, sinceMs, narrow(limit, page.firstMs === null ? null : (page.firstMs - sinceMs) / stepMs));
    const isEarlier = again.firstMs !== null && (page.firstMs === null || again.firstMs < page.firstMs);
    if (!isEarlier) {
      // From the same start on, fewer bars cannot begin later; the newest bars do.
      if (page.firstMs !== null && again.firstMs !== null && again.firstMs > page.firstMs) throw refuseReach(walk, sinceMs, page.firstMs);
      break;
    }
    page = again;
  }
  return page;
}

/** Fewer bars where bars came, and so another question; the same again where none came. */
function narrow(limit: number, holeBars: number | null): number {
  if (holeBars === null) return limit;
  return holeBars < limit ? holeBars : Math.max(1, Math.floor(limit / 2));
}

async function ask({ exchange, market, timeframe, endMs, signal }: Walk, sinceMs: number, limit: number): Promise<CandlePage> {
  const answer = await exchange.readCandles({ market, timeframe, sinceMs, limit, signal });
  const nowMs = exchange.ports.nowMs();
  return readCandlePage(answer, { exchangeName: exchange.name, symbol: market.symbol, timeframe, startMs: sinceMs, endMs, nowMs });
}

/** Some exchanges add the bar before; one that is a page behind does not look at the start at all. */
function refuseOld({ exchange, market, timeframe }: Walk, { newestMs }: CandlePage, oldestMs: number): void {
  if (newestMs === null || newestMs >= oldestMs) return;
  throw new Refusal(
    `${exchange.name} sends ${timeframe} bars of ${market.symbol} up to ${spell(newestMs)} where later ones were asked for. Try again later, or take the bars from another exchange or a CSV file.`,
  );
}
