import { onTestFinished } from 'vitest';
import { DAY_MS, TIMEFRAME_MS, type Timeframe } from '../../../src/engine/bar.ts';
import { allocateCandles, CANDLE_COLUMNS, type Candles, firstBarFrom, sliceCandles } from '../../../src/engine/candles.ts';
import type { Exchange, ExchangeMarket } from '../../../src/market/exchange/exchange.ts';
import { type CandlesWanted, fetchCandles } from '../../../src/market/exchange/fetch-candles.ts';
import { type ExchangeOptions, openExchange } from '../../../src/market/exchange/open-exchange.ts';
import type { FetchedPage } from '../../../src/market/exchange/read-fetched-pages.ts';
import type { ReadPorts } from '../../../src/market/exchange/read-patiently.ts';
import { simulateCandles } from '../../../src/market/simulated.ts';
import { type LoopbackExchange, type LoopbackOptions, openLoopbackExchange } from '../../support/loopback-exchange.ts';

/** The exchange of the tests has bars from 40 days before now, and now lies inside a bar of every timeframe. */
export const NOW_MS = Date.UTC(2025, 2, 31, 10, 7, 30);
export const LISTED_MS = Date.UTC(2025, 1, 20);
export const MONTH = { startMs: Date.UTC(2025, 2, 1), endMs: Date.UTC(2025, 2, 31) };

const series = new Map<Timeframe, Candles>();

export function seriesOf(timeframe: Timeframe): Candles {
  const made =
    series.get(timeframe) ?? simulateCandles({ symbol: 'BTC-USDT', timeframe, startMs: LISTED_MS, endMs: NOW_MS + DAY_MS, seed: 7 });
  series.set(timeframe, made);
  return made;
}

/** The bars that open in the range, and have closed by now. */
export function barsBetween(timeframe: Timeframe, startMs: number, endMs: number): Candles {
  const candles = seriesOf(timeframe);
  const closedMs = Math.floor(NOW_MS / TIMEFRAME_MS[timeframe]) * TIMEFRAME_MS[timeframe];
  return sliceCandles(candles, firstBarFrom(candles, startMs), firstBarFrom(candles, Math.min(endMs, closedMs)));
}

/** A clock that only waiting moves. */
export function waitingPorts(): ReadPorts & { readonly waitsMs: number[] } {
  const waitsMs: number[] = [];
  return {
    waitsMs,
    nowMs: () => NOW_MS + waitsMs.reduce((sum, waitMs) => sum + waitMs, 0),
    random: () => 0.5,
    sleep: async (durationMs, signal) => {
      signal.throwIfAborted();
      waitsMs.push(durationMs);
    },
  };
}

type Changes = Partial<ExchangeOptions & LoopbackOptions>;

export type Opened = { readonly loopback: LoopbackExchange; readonly exchange: Exchange; readonly waitsMs: number[] };
export type Setup = Opened & { readonly market: ExchangeMarket };

export async function openOnLoopback(exchangeId: string, changes: Changes = {}): Promise<Opened> {
  const ports = waitingPorts();
  const loopback = await openLoopbackExchange({ candlesOf: seriesOf, nowMs: () => NOW_MS, ...changes });
  onTestFinished(() => loopback.close());
  const exchange = await openExchange({ exchangeId, baseUrl: loopback.url, timeLimitMs: 5_000, pauseMs: 0.01, ports, ...changes });
  onTestFinished(() => exchange.close());
  return { loopback, exchange, waitsMs: ports.waitsMs };
}

export async function withExchange(exchangeId: 'coinbase' | 'binanceusdm', changes: Changes = {}): Promise<Setup> {
  const opened = await openOnLoopback(exchangeId, changes);
  const symbol = exchangeId === 'coinbase' ? 'BTC-USD' : 'BTC-USDT';
  const market = await opened.exchange.findMarket({ symbol, instrument: 'perpetual', signal: new AbortController().signal });
  return { ...opened, market };
}

export function wantedOf({ exchange, market }: Setup, changes: Partial<CandlesWanted> = {}): CandlesWanted {
  return { exchange, market, timeframe: '5m', ...MONTH, signal: new AbortController().signal, ...changes };
}

export async function fetchPages(setup: Setup, changes: Partial<CandlesWanted> = {}): Promise<FetchedPage[]> {
  const pages: FetchedPage[] = [];
  for await (const page of fetchCandles(wantedOf(setup, changes))) pages.push(page);
  return pages;
}

export async function fetchAll(setup: Setup, changes: Partial<CandlesWanted> = {}): Promise<Candles> {
  return joinPages(await fetchPages(setup, changes));
}

export function joinPages(pages: readonly FetchedPage[]): Candles {
  const joined = allocateCandles(pages.reduce((sum, { candles }) => sum + candles.openTimeMs.length, 0));
  let at = 0;
  for (const { candles } of pages) {
    for (const name of CANDLE_COLUMNS) joined[name].set(candles[name], at);
    at += candles.openTimeMs.length;
  }
  return joined;
}
