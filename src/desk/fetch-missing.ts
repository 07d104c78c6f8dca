import type { Timeframe } from '../engine/bar.ts';
import type { Exchange, ExchangeMarket } from '../market/exchange/exchange.ts';
import { fetchCandles } from '../market/exchange/fetch-candles.ts';
import { fetchFunding } from '../market/exchange/fetch-funding.ts';
import { missingRanges } from '../market/exchange/missing-ranges.ts';
import { saveCandles } from '../store/candles.ts';
import { addFetchedRange, readFetchedRanges } from '../store/fetched-ranges.ts';
import { saveFunding } from '../store/funding.ts';
import type { Pool } from '../store/pool.ts';
import { type Tx, transact } from '../store/transaction.ts';

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

type Fetching = {
  readonly timeframe: Timeframe;
  /** How much of the range is kept, from 0 to 1. */
  readonly onProgress: (fraction: number) => void;
  /** For what is to be written with each page of bars that came. */
  readonly onKeep?: (tx: Tx, page: KeptPage) => Promise<void>;
};

export type KeptPage = { readonly bars: number; readonly fraction: number };

/** Fetches the bars that are not kept yet, and keeps each page at once: a fetch that is killed goes on from there. */
export async function fetchMissingCandles(wanted: MissingWanted, { timeframe, onProgress, onKeep }: Fetching): Promise<void> {
  const { pool, exchange, market, startMs, endMs, signal } = wanted;
  const series = { source: exchangeSource(exchange, market), symbol: market.symbol, timeframe };
  const missing = missingRanges(await readFetchedRanges(pool, series), { fromMs: startMs, toMs: endMs });
  let keptMs = endMs - startMs - missing.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  for (const range of missing) {
    const fractionAt = (timeMs: number) => (keptMs + timeMs - range.fromMs) / (endMs - startMs);
    const pages = fetchCandles({ exchange, market, timeframe, startMs: range.fromMs, endMs: range.toMs, signal });
    for await (const { candles, fromMs, toMs } of pages) {
      const page = { bars: candles.openTimeMs.length, fraction: Math.min(1, fractionAt(toMs)) };
      await transact(pool, async (tx) => {
        if (page.bars > 0) await saveCandles(tx, { ...series, candles });
        if (fromMs < toMs) await addFetchedRange(tx, { ...series, fromMs, toMs });
        await onKeep?.(tx, page);
      });
      onProgress(page.fraction);
    }
    keptMs += range.toMs - range.fromMs;
  }
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
