import { DAY_MS, TIMEFRAME_MS, type Timeframe } from '../../engine/bar.ts';
import { Refusal } from '../../engine/refusal.ts';
import { readCandlePage, spell } from './candle-page.ts';
import type { Exchange, ExchangeMarket } from './exchange.ts';

export type Walk = {
  readonly exchange: Exchange;
  readonly market: ExchangeMarket;
  readonly timeframe: Timeframe;
  /** On the timeframe's own boundaries, the end not after now. */
  readonly startMs: number;
  readonly endMs: number;
  readonly signal: AbortSignal;
};

/**
 * Some exchanges have only their newest bars, whatever the start: what looks like a market without earlier bars may be one whose bars
 * are not given. It is believed when older bars come where older ones are asked for, or when not even day bars are older.
 */
export async function proveReach(walk: Walk, sinceMs: number, firstMs: number): Promise<void> {
  const { exchange, market, timeframe } = walk;
  const pageMs = exchange.pageBars(market) * TIMEFRAME_MS[timeframe];
  const olderMs = await askOldest(walk, timeframe, sinceMs - pageMs);
  if (olderMs !== null && olderMs < sinceMs) return;
  if (!exchange.timeframes.includes('1d')) return;

  const firstDayMs = Math.floor(firstMs / DAY_MS) * DAY_MS;
  const oldestDayMs = await askOldest(walk, '1d', Math.floor(sinceMs / DAY_MS) * DAY_MS);
  if (oldestDayMs !== null && oldestDayMs < firstDayMs) throw refuseReach(walk, sinceMs, firstMs);
}

/** The oldest bar sent for a start; only its time matters here, so none is wanted. */
async function askOldest({ exchange, market, signal }: Walk, timeframe: Timeframe, sinceMs: number): Promise<number | null> {
  const limit = exchange.pageBars(market);
  const answer = await exchange.readCandles({ market, timeframe, sinceMs: Math.max(0, sinceMs), limit, signal });
  const nowMs = exchange.ports.nowMs();
  const range = { exchangeName: exchange.name, symbol: market.symbol, timeframe, startMs: nowMs, endMs: nowMs, nowMs };
  return readCandlePage(answer, range).oldestMs;
}

export function refuseReach({ exchange, market, timeframe }: Walk, sinceMs: number, firstMs: number): Refusal {
  return new Refusal(
    `${exchange.name} gives only its newest ${timeframe} bars of ${market.symbol}, now from ${spell(firstMs)} on; asked for were bars from ${spell(sinceMs)} on. Start at ${spell(firstMs)} or later, take a longer timeframe, another exchange or a CSV file.`,
  );
}
