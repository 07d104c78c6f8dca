import { DAY_MS, type Timeframe } from '../engine/bar.ts';
import { FETCH_DAYS } from '../jobs/fetch-candles.job.ts';
import { askedNumber } from './asked-number.ts';
import { askedSymbol } from './asked-symbols.ts';
import { askedTimeframe } from './asked-timeframes.ts';

/** Bars somebody wants to be fetched; times in ms UTC. */
export type FetchAsk = { readonly symbol: string; readonly timeframe: Timeframe; readonly startMs: number; readonly endMs: number };

type Asked = { readonly symbol: string; readonly timeframe: string; readonly days: number | string };

/** Turns what was asked into a range that ends now. */
export function resolveFetchRequest({ symbol, timeframe, days }: Asked, requestedAtMs: number): FetchAsk {
  const span = askedNumber(days, { name: 'days', kind: 'integer', ...FETCH_DAYS, unit: 'days', example: 30 });
  return {
    symbol: askedSymbol(symbol),
    timeframe: askedTimeframe(timeframe.trim()),
    startMs: Math.max(0, requestedAtMs - span * DAY_MS),
    endMs: requestedAtMs,
  };
}
