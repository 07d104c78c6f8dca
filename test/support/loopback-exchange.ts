import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { TIMEFRAME_MS, type Timeframe } from '../../src/engine/bar.ts';
import { type Candles, type FundingRates, firstBarFrom } from '../../src/engine/candles.ts';

/** A bar as the exchange will write it: a lie may put anything into it. */
export type SentBar = {
  readonly openTimeMs: number;
  readonly open: number | string;
  readonly high: number | string;
  readonly low: number | string;
  readonly close: number | string;
  readonly volume: number | string;
};

export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly text?: string; readonly retryAfterS?: number }
  | { readonly kind: 'html' | 'empty' | 'truncated' | 'no_list' | 'nothing' | 'reset' | 'hang' | 'no_bars' };

export type BarRequest = {
  /** Counted from 0 over the requests for bars alone. */
  readonly index: number;
  readonly timeframe: Timeframe;
  readonly startMs: number;
  readonly limit: number;
};

export type LoopbackOptions = {
  readonly candlesOf: (timeframe: Timeframe) => Candles;
  readonly funding?: FundingRates;
  readonly nowMs: () => number;
  /** Requests answered a second before it throttles; never when left out. */
  readonly requestsPerSecond?: number;
};

export type LoopbackExchange = {
  readonly url: string;
  /** Paths asked for, in order, with their query. */
  readonly requests: readonly string[];
  readonly barRequests: readonly BarRequest[];
  readonly throttled: () => number;
  /** What happens instead of the answer to requests for bars. */
  readonly fail: (faultOf: (request: BarRequest) => Fault | null) => void;
  /** What happens instead of the answer to any other request. */
  readonly failOthers: (faultOf: (path: string) => Fault | null) => void;
  /** What is sent instead of the bars asked for; `all` is everything the exchange has of the timeframe. */
  readonly lie: (sentOf: (bars: readonly SentBar[], request: BarRequest, all: readonly SentBar[]) => readonly SentBar[]) => void;
  readonly close: () => Promise<void>;
};

const GRANULARITIES: Readonly<Record<string, Timeframe>> = {
  ONE_MINUTE: '1m',
  FIVE_MINUTE: '5m',
  FIFTEEN_MINUTE: '15m',
  ONE_HOUR: '1h',
  ONE_DAY: '1d',
};
const INTERVALS: Readonly<Record<string, Timeframe>> = { '1m': '1m', '5m': '5m', '15m': '15m', '1h': '1h', '4h': '4h', '1d': '1d' };

/** Coinbase refuses a window of more bars. */
const COINBASE_WINDOW_BARS = 350;
const BINANCE_PAGE_BARS = 1500;

/** An exchange on loopback that speaks as Coinbase and as Binance's USDⓈ-M futures do, over given bars, and misbehaves on order. */
export async function openLoopbackExchange(options: LoopbackOptions): Promise<LoopbackExchange> {
  const requests: string[] = [];
  const barRequests: BarRequest[] = [];
  const mayAnswer = createThrottle(options.requestsPerSecond ?? Number.POSITIVE_INFINITY);
  let throttled = 0;
  let faultOf: (request: BarRequest) => Fault | null = () => null;
  let otherFaultOf: (path: string) => Fault | null = () => null;
  let sentOf: (bars: readonly SentBar[], request: BarRequest, all: readonly SentBar[]) => readonly SentBar[] = (bars) => bars;

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    requests.push(`${url.pathname}${url.search}`);
    if (!mayAnswer()) {
      throttled++;
      misbehave(response, { kind: 'status', status: 429, text: '{"message":"slow down"}', retryAfterS: 1 }, '');
      return;
    }
    const asked = readBarRequest(url, barRequests.length);
    if (asked !== null) barRequests.push(asked.request);
    const fault = asked === null ? otherFaultOf(`${url.pathname}${url.search}`) : faultOf(asked.request);
    const body = asked === null ? answerOther(url, options) : JSON.stringify(asked.write(findBars(asked)));
    if (fault !== null)
      misbehave(response, fault, fault.kind === 'no_bars' && asked !== null ? JSON.stringify(asked.write([])) : (body ?? ''));
    else respond(response, body === null ? 404 : 200, body ?? '{"code":-1,"message":"no such path"}');
  });

  function findBars({ request, untilMs, pageBars }: AskedBars): readonly SentBar[] {
    const { timeframe, startMs } = request;
    const candles = options.candlesOf(timeframe);
    const published = firstBarFrom(candles, options.nowMs());
    const from = firstBarFrom(candles, startMs);
    const to = Math.min(published, firstBarFrom(candles, untilMs + 1), from + pageBars);
    const bars = readBars(candles, from, to);
    return sentOf(bars, request, readBars(candles, 0, published));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The loopback exchange has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    barRequests,
    throttled: () => throttled,
    fail: (next) => {
      faultOf = next;
    },
    failOthers: (next) => {
      otherFaultOf = next;
    },
    lie: (next) => {
      sentOf = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type AskedBars = {
  readonly request: BarRequest;
  readonly untilMs: number;
  readonly pageBars: number;
  readonly write: (bars: readonly SentBar[]) => unknown;
};

/** Null for any other request. */
function readBarRequest({ pathname, searchParams }: URL, index: number): AskedBars | null {
  if (pathname === '/fapi/v1/klines') {
    const timeframe = INTERVALS[searchParams.get('interval') ?? ''] ?? '1m';
    const limit = Math.min(BINANCE_PAGE_BARS, Number(searchParams.get('limit') ?? 500));
    const request = { index, timeframe, startMs: Number(searchParams.get('startTime') ?? 0), limit };
    const write = (bars: readonly SentBar[]) => bars.map((bar) => writeKline(bar, timeframe));
    return { request, untilMs: Number(searchParams.get('endTime') ?? Number.MAX_SAFE_INTEGER), pageBars: limit, write };
  }
  if (/^\/api\/v3\/brokerage\/market\/products\/[^/]+\/candles$/.test(pathname)) {
    const timeframe = GRANULARITIES[searchParams.get('granularity') ?? ''] ?? '1m';
    const startMs = Number(searchParams.get('start')) * 1000;
    const untilMs = Number(searchParams.get('end')) * 1000;
    const limit = (untilMs - startMs) / TIMEFRAME_MS[timeframe];
    // Newest first, both ends of the window included.
    const write = (bars: readonly SentBar[]) =>
      limit > COINBASE_WINDOW_BARS ? { error: 'INVALID_ARGUMENT' } : { candles: bars.map(writeCandle).toReversed() };
    return { request: { index, timeframe, startMs, limit }, untilMs, pageBars: COINBASE_WINDOW_BARS, write };
  }
  return null;
}

function writeKline({ openTimeMs, open, high, low, close, volume }: SentBar, timeframe: Timeframe): unknown {
  const closeMs = openTimeMs + TIMEFRAME_MS[timeframe] - 1;
  return [openTimeMs, `${open}`, `${high}`, `${low}`, `${close}`, `${volume}`, closeMs, '0', 1, '0', '0', '0'];
}

function writeCandle({ openTimeMs, open, high, low, close, volume }: SentBar): unknown {
  return { start: `${openTimeMs / 1000}`, low: `${low}`, high: `${high}`, open: `${open}`, close: `${close}`, volume: `${volume}` };
}

function readBars({ openTimeMs, open, high, low, close, volume }: Candles, from: number, to: number): SentBar[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, offset) => {
    const row = from + offset;
    return {
      openTimeMs: openTimeMs[row] ?? Number.NaN,
      open: open[row] ?? Number.NaN,
      high: high[row] ?? Number.NaN,
      low: low[row] ?? Number.NaN,
      close: close[row] ?? Number.NaN,
      volume: volume[row] ?? Number.NaN,
    };
  });
}

/** Null where the exchange has no such path. */
function answerOther({ pathname, searchParams }: URL, { nowMs, funding }: LoopbackOptions): string | null {
  switch (pathname) {
    case '/v2/time':
      return JSON.stringify({ data: { iso: new Date(nowMs()).toISOString(), epoch: Math.floor(nowMs() / 1000) } });
    case '/api/v3/brokerage/market/products':
      return JSON.stringify({ products: searchParams.get('product_type') === 'FUTURE' ? [] : ['BTC', 'ETH'].map(coinbaseProduct) });
    case '/fapi/v1/time':
      return JSON.stringify({ serverTime: nowMs() });
    case '/fapi/v1/exchangeInfo':
      return JSON.stringify({ timezone: 'UTC', serverTime: nowMs(), symbols: ['BTC', 'ETH'].map(binanceSymbol) });
    case '/fapi/v1/fundingRate':
      return JSON.stringify(answerFunding(searchParams, funding ?? { timeMs: new Float64Array(), rate: new Float64Array() }, nowMs()));
    default:
      return null;
  }
}

function coinbaseProduct(base: string): unknown {
  return {
    product_id: `${base}-USD`,
    product_type: 'SPOT',
    base_currency_id: base,
    quote_currency_id: 'USD',
    base_increment: '0.00000001',
    quote_increment: '0.01',
    price_increment: '0.01',
    trading_disabled: false,
    alias_to: [],
  };
}

function binanceSymbol(base: string): unknown {
  return {
    symbol: `${base}USDT`,
    pair: `${base}USDT`,
    contractType: 'PERPETUAL',
    deliveryDate: 4133404800000,
    status: 'TRADING',
    baseAsset: base,
    quoteAsset: 'USDT',
    marginAsset: 'USDT',
    pricePrecision: 2,
    quantityPrecision: 3,
    filters: [],
  };
}

/** Binance stamps settlements some milliseconds late. */
function answerFunding(query: URLSearchParams, { timeMs, rate }: FundingRates, nowMs: number): unknown {
  const startMs = Number(query.get('startTime') ?? 0);
  const untilMs = Math.min(nowMs, Number(query.get('endTime') ?? nowMs));
  return [...timeMs]
    .map((settledMs, row) => ({ symbol: 'BTCUSDT', fundingTime: settledMs + (row % 8), fundingRate: `${rate[row]}`, markPrice: '1' }))
    .filter(({ fundingTime }) => fundingTime >= startMs && fundingTime <= untilMs)
    .slice(0, Number(query.get('limit') ?? 100));
}

const TEXTS: Readonly<Record<string, string>> = {
  html: '<html><body>Checking your browser</body></html>',
  empty: '',
  no_list: '{"data":"maintenance"}',
  nothing: '{}',
};

function misbehave(response: ServerResponse, fault: Fault, body: string): void {
  if (fault.kind === 'status') {
    if (fault.retryAfterS !== undefined) response.setHeader('retry-after', fault.retryAfterS);
    respond(response, fault.status, fault.text ?? '{"error":"internal","message":"try later"}');
  } else if (fault.kind === 'reset') {
    response.destroy();
  } else if (fault.kind === 'hang') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(body.slice(0, 1));
  } else if (fault.kind === 'truncated') {
    respond(response, 200, body.slice(0, Math.floor(body.length / 2)));
  } else {
    respond(response, 200, TEXTS[fault.kind] ?? body);
  }
}

function respond(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body);
}

/** A bucket of one second. */
function createThrottle(requestsPerSecond: number): () => boolean {
  const atMs: number[] = [];
  return () => {
    const nowMs = performance.now();
    while (atMs.length > 0 && nowMs - (atMs[0] ?? 0) >= 1000) atMs.shift();
    if (atMs.length >= requestsPerSecond) return false;
    atMs.push(nowMs);
    return true;
  };
}
