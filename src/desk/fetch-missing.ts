import type { Timeframe } from '../engine/bar.ts';
import type { Exchange, ExchangeMarket } from '../market/exchange/exchange.ts';
import { fetchCandles } from '../market/exchange/fetch-candles.ts';
import { fetchFunding } from '../market/exchange/fetch-funding.ts';
import { missingRanges } from '../market/exchange/missing-ranges.ts';
import { saveCandles } from '../store/candles.ts';
import { addFetchedRange, readFetchedRanges } from '../store/fetched-ranges.ts';
import { saveFunding } from '../store/funding.ts';
import type { Pool } from '../store/pool.ts';
import { transact } from '../store/transaction.ts';

/** Where the bars of a market are kept; another kind of market, or another exchange, is another source. */
export function exchangeSource({ id }: Exchange, { kind }: ExchangeMarket): string {
  return `ccxt:${id}:${kind}`;
}

export type MissingWanted = {
  readonly pool: Pool;
  readonly exchange: Exchange;
  readonly market: ExchangeMarket;
  /** Open times; ms UTC. */
  readonly startMs: number;
  readonly endMs: number;
  readonly signal: AbortSignal;
};

/** Fetches the bars that are not kept yet, and keeps each page at once: a fetch that is killed goes on from there. Returns how many came. */
export async function fetchMissingCandles(
  { pool, exchange, market, startMs, endMs, signal }: MissingWanted,
  timeframe: Timeframe,
  onProgress: (fraction: number) => void,
): Promise<number> {
  const series = { source: exchangeSource(exchange, market), symbol: market.symbol, timeframe };
  const missing = missingRanges(await readFetchedRanges(pool, series), { fromMs: startMs, toMs: endMs });
  const totalMs = missing.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  let doneMs = 0;
  let bars = 0;
  for (const range of missing) {
    const rangeMs = range.toMs - range.fromMs;
    const onPage = ({ fraction }: { readonly fraction: number }) => onProgress((doneMs + fraction * rangeMs) / totalMs);
    const pages = fetchCandles({ exchange, market, timeframe, startMs: range.fromMs, endMs: range.toMs, onPage, signal });
    for await (const { candles, fromMs, toMs } of pages) {
      bars += candles.openTimeMs.length;
      await transact(pool, async (tx) => {
        if (candles.openTimeMs.length > 0) await saveCandles(tx, { ...series, candles });
        if (fromMs < toMs) await addFetchedRange(tx, { ...series, fromMs, toMs });
      });
    }
    doneMs += rangeMs;
  }
  return bars;
}

const FUNDING = 'funding';

/** The same for funding rates. False where the exchange publishes none for the market. */
export async function fetchMissingFunding({ pool, exchange, market, startMs, endMs, signal }: MissingWanted): Promise<boolean> {
  const series = { source: exchangeSource(exchange, market), symbol: market.symbol, timeframe: FUNDING };
  for (const { fromMs, toMs } of missingRanges(await readFetchedRanges(pool, series), { fromMs: startMs, toMs: endMs })) {
    const funding = await fetchFunding({ exchange, market, startMs: fromMs, endMs: toMs, signal });
    if (funding === null) return false;
    await transact(pool, async (tx) => {
      await saveFunding(tx, { source: series.source, symbol: market.symbol, funding });
      await addFetchedRange(tx, { ...series, fromMs, toMs });
    });
  }
  return true;
}
