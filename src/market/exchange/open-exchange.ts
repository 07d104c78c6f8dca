import type { Exchange as CcxtClient } from 'ccxt';
import { z } from 'zod';
import { TIMEFRAMES } from '../../engine/bar.ts';
import { Refusal } from '../../engine/refusal.ts';
import { moveUrls } from './base-url.ts';
import { chooseMarket, type ListedMarket, parseMarkets, refuseMarket } from './ccxt-symbol.ts';
import type { Exchange, ExchangeMarket, MarketWanted } from './exchange.ts';
import { loadErrorKinds, loadExchangeClass } from './exchange-module.ts';
import { type Reading, readAnswer, UnusableAnswer } from './read-answer.ts';
import { type Patience, type ReadPorts, readPatiently, systemReadPorts } from './read-patiently.ts';

export type ExchangeOptions = {
  /** As ccxt names it. */
  readonly exchangeId: string;
  /** Another server that speaks for the exchange; null for its own. */
  readonly baseUrl: string | null;
  /** For one request, to the last byte of its answer. */
  readonly timeLimitMs: number;
  /** How long one read may go on failing before it is given up. */
  readonly patienceMs?: number;
  /** Pause that a request of cost 1 asks for; the exchange's own as ccxt knows it when left out. */
  readonly pauseMs?: number;
  readonly ports?: ReadPorts;
};

const PATIENCE_MS = 60_000;

/** Markets are listed anew when a symbol is not among them and the list is older than this. */
const MARKETS_AGE_MS = 600_000;

/** What ccxt would ask for a page, where it does not name the most that it can. */
const DEFAULT_PAGE_BARS = 300;
const MOST_PAGE_BARS: Readonly<Record<string, number>> = { binance: 1000, binanceusdm: 1000 };

/** ccxt would list currencies as well, with three more and slow requests; other exchanges' markets are read with their help. */
const NEEDS_NO_CURRENCIES: readonly string[] = ['coinbase'];

/** Opens the public side of an exchange; nothing is asked of it yet, and no key is ever given to it. */
export async function openExchange(options: ExchangeOptions): Promise<Exchange> {
  const { exchangeId, patienceMs = PATIENCE_MS, ports = systemReadPorts } = options;
  const client = await openClient(options);
  const exchangeName = String(client.name);
  const patience: Patience = { exchangeName, patienceMs, ports, errorKind: await loadErrorKinds() };
  const closing = new AbortController();
  const read = <T>(work: (reading: Reading) => Promise<T>, signal: AbortSignal, changes: Partial<Patience> = {}): Promise<T> =>
    readPatiently(work, { ...patience, ...changes, signal: AbortSignal.any([signal, closing.signal]) });
  let listed: { readonly markets: readonly ListedMarket[]; readonly atMs: number } | null = null;

  async function listMarkets(signal: AbortSignal): Promise<readonly ListedMarket[]> {
    // Asked for anew each time: a client whose first listing failed would answer with that failure for ever.
    const markets = await read(async () => parseMarkets(Object.values(await client.loadMarkets(true))), signal);
    if (markets.length === 0) throw new Refusal(`${exchangeName} lists no markets. Try again later or name another exchange.`);
    listed = { markets, atMs: ports.nowMs() };
    return markets;
  }

  async function findMarket({ symbol, instrument, signal }: MarketWanted): Promise<ExchangeMarket> {
    const wanted = { symbol, instrument, exchangeName };
    const known = listed === null ? null : chooseMarket(listed.markets, wanted);
    if (known !== null) return known;
    const isFresh = listed !== null && ports.nowMs() - listed.atMs < MARKETS_AGE_MS;
    const markets = listed !== null && isFresh ? listed.markets : await listMarkets(signal);
    const market = chooseMarket(markets, wanted);
    if (market === null) throw refuseMarket(markets, wanted);
    return market;
  }

  async function ping(timeLimitMs: number): Promise<boolean> {
    const question = async () => (client.has.fetchTime === true ? client.fetchTime() : client.loadMarkets(true));
    try {
      await read(question, AbortSignal.timeout(timeLimitMs), { patienceMs: 0 });
      return true;
    } catch {
      // Whatever the reason, the answer to the question is no.
      return false;
    }
  }

  return {
    id: exchangeId,
    name: exchangeName,
    ports,
    timeframes: TIMEFRAMES.filter((timeframe) => client.timeframes[timeframe] !== undefined),
    pageBars: ({ kind }) => MOST_PAGE_BARS[exchangeId] ?? readPageBars(client, kind),
    ping,
    findMarket,
    readCandles: ({ market, timeframe, sinceMs, limit, signal }) =>
      read(async (reading) => believeList(await client.fetchOHLCV(market.ccxtSymbol, timeframe, sinceMs, limit), reading), signal),
    readFunding:
      client.has.fetchFundingRateHistory === true
        ? ({ market, sinceMs, untilMs, limit, signal }) =>
            read(async (reading) => {
              const params = untilMs === null ? {} : { until: untilMs };
              return believeList(await client.fetchFundingRateHistory(market.ccxtSymbol, sinceMs, limit, params), reading);
            }, signal)
        : null,
    close: () => closing.abort(new Error(`${exchangeName} was closed`)),
  };
}

async function openClient({ exchangeId, baseUrl, timeLimitMs, pauseMs }: ExchangeOptions): Promise<CcxtClient> {
  const ClientClass = await loadExchangeClass(exchangeId);
  const client = new ClientClass({
    enableRateLimit: true,
    // Ours is the limit that counts; it lasts to the end of the text.
    timeout: 2 * timeLimitMs,
    ...(NEEDS_NO_CURRENCIES.includes(exchangeId) ? { has: { fetchCurrencies: false } } : {}),
    ...(pauseMs === undefined ? {} : { rateLimit: pauseMs }),
  });
  if (baseUrl !== null) Object.assign(client.urls, moveUrls({ api: client.urls.api }, baseUrl));
  client.fetchImplementation = (url: string, sent: Parameters<typeof readAnswer>[1]) => readAnswer(url, sent, timeLimitMs);
  // ccxt would sort bars and drop what lies before the start, and with it the signs of an exchange that does not do as asked.
  client.filterBySymbolSinceLimit = (rates) => rates ?? [];
  client.parseOHLCVs = (bars, market) => client.toArray(bars).map((bar: object) => client.parseOHLCV(bar, market));
  return client;
}

/** ccxt reads an answer of any other shape as no bars, or as one without numbers; we believe it only where the exchange sent a list. */
function believeList(rows: unknown, { answers }: Reading): unknown {
  const answer = answers.at(-1);
  if (answer?.hasList !== true) throw new UnusableAnswer('an answer without a list');
  return rows;
}

const pageSchema = z.object({ fetchOHLCV: z.object({ limit: z.number().min(1) }) });

function readPageBars(client: CcxtClient, kind: ExchangeMarket['kind']): number {
  const features: unknown = kind === 'spot' ? client.features?.spot : (client.features?.swap?.linear ?? client.features?.swap);
  return pageSchema.safeParse(features).data?.fetchOHLCV.limit ?? DEFAULT_PAGE_BARS;
}
