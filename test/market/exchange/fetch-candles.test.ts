import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS, TIMEFRAME_MS } from '../../../src/engine/bar.ts';
import { candlesFromBars } from '../../../src/engine/candles.ts';
import { Refusal } from '../../../src/engine/refusal.ts';
import { fetchCandles } from '../../../src/market/exchange/fetch-candles.ts';
import { missingRanges, type TimeRange } from '../../../src/market/exchange/missing-ranges.ts';
import type { FetchedPage } from '../../../src/market/exchange/read-fetched-pages.ts';
import type { BarRequest, Fault, SentBar } from '../../support/loopback-exchange.ts';
import {
  barsBetween,
  fetchAll,
  fetchPages,
  joinPages,
  LISTED_MS,
  MONTH,
  NOW_MS,
  type Setup,
  seriesOf,
  wantedOf,
  withExchange,
} from './with-exchange.ts';

const DAY = { startMs: MONTH.startMs, endMs: MONTH.startMs + 24 * HOUR_MS };
const iso = (timeMs: number) => new Date(timeMs).toISOString().replace('.000Z', 'Z');

describe('fetchCandles', () => {
  describe.each(['coinbase', 'binanceusdm'] as const)('from %s', (exchangeId) => {
    it.each(['5m', '1m'] as const)('gives a month of %s bars bit for bit, each once', async (timeframe) => {
      const setup = await withExchange(exchangeId);

      const candles = await fetchAll(setup, { timeframe });

      const expected = barsBetween(timeframe, MONTH.startMs, MONTH.endMs);
      expect(expected.openTimeMs.length).toBeGreaterThan(8_000);
      expect(candles).toEqual(expected);
    });

    it('gives 4h bars, of its own or put together from its 1h bars', async () => {
      const setup = await withExchange(exchangeId);

      const candles = await fetchAll(setup, { timeframe: '4h' });

      expect(candles).toEqual(barsBetween('4h', MONTH.startMs, MONTH.endMs));
      expect(new Set(setup.loopback.barRequests.map(({ timeframe }) => timeframe))).toEqual(
        new Set([exchangeId === 'coinbase' ? '1h' : '4h']),
      );
    });

    it('ends with the last closed bar when the range goes on', async () => {
      const setup = await withExchange(exchangeId);

      const candles = await fetchAll(setup, { startMs: NOW_MS - 6 * HOUR_MS, endMs: NOW_MS + 6 * HOUR_MS });

      expect(candles).toEqual(barsBetween('5m', NOW_MS - 6 * HOUR_MS, NOW_MS));
      expect(candles.openTimeMs.at(-1)).toBe(Date.UTC(2025, 2, 31, 10, 0));
    });
  });

  const faults: readonly (readonly [string, Fault])[] = [
    ['answers 500', { kind: 'status', status: 500 }],
    ['answers 503 with a web page', { kind: 'status', status: 503, text: '<html>busy</html>' }],
    ['answers 429 with retry-after', { kind: 'status', status: 429, retryAfterS: 3 }],
    ['answers with a web page', { kind: 'html' }],
    ['answers with an empty text', { kind: 'empty' }],
    ['answers with a text cut off', { kind: 'truncated' }],
    ['answers with {}', { kind: 'nothing' }],
    ['answers with JSON without a list', { kind: 'no_list' }],
    ['answers with no bars for a moment', { kind: 'no_bars' }],
    ['cuts the connection', { kind: 'reset' }],
    ['hangs after the headers', { kind: 'hang' }],
  ];

  describe.each(['coinbase', 'binanceusdm'] as const)('from %s', (exchangeId) => {
    it.each(faults)('loses nothing while it now and then %s', async (_, fault) => {
      const setup = await withExchange(exchangeId, { timeLimitMs: 200 });
      setup.loopback.fail(({ index }) => (index % 9 === 2 ? fault : null));

      const candles = await fetchAll(setup, { timeframe: '5m' });

      expect(candles).toEqual(barsBetween('5m', MONTH.startMs, MONTH.endMs));
      expect(setup.loopback.barRequests.length, 'it asked again').toBeGreaterThan(exchangeId === 'coinbase' ? 29 : 9);
    });
  });

  it('waits at least as long as a 429 asks for', async () => {
    const setup = await withExchange('binanceusdm');
    setup.loopback.fail(({ index }) => (index === 1 ? { kind: 'status', status: 429, retryAfterS: 7 } : null));

    await fetchAll(setup);

    expect(setup.waitsMs).toEqual([7_000]);
  });

  it('waits longer with each failure in a row', async () => {
    const setup = await withExchange('binanceusdm');
    setup.loopback.fail(({ index }) => (index < 4 ? { kind: 'html' } : null));

    await fetchAll(setup, DAY);

    expect(setup.waitsMs).toEqual([375, 750, 1_500, 3_000]);
  });

  it('gives up in bounded time and says what the exchange answered last', async () => {
    const setup = await withExchange('binanceusdm', { patienceMs: 10_000 });
    setup.loopback.fail(() => ({ kind: 'status', status: 502, text: '<html>Bad gateway</html>' }));

    const failure = fetchAll(setup, DAY);

    await expect(failure).rejects.toThrow(Refusal);
    await expect(failure).rejects.toThrow(
      /^Binance USDⓈ-M gave no usable answer in 5 tries: it last answered 502 <html>Bad gateway<\/html>\. Try again later/,
    );
    expect(setup.waitsMs.reduce((sum, waitMs) => sum + waitMs, 0)).toBeLessThan(10_000);
  });

  it('does not wait for a 429 that asks for more than it has patience', async () => {
    const setup = await withExchange('binanceusdm');
    setup.loopback.fail(() => ({ kind: 'status', status: 418, text: '{"code":-1003,"msg":"banned"}', retryAfterS: 3_600 }));

    await expect(fetchAll(setup, DAY)).rejects.toThrow(/it last answered 418 .*banned.*, and asks to wait 3600 s/);

    expect(setup.waitsMs).toEqual([]);
  });

  it('does not repeat a question that the exchange refuses', async () => {
    const setup = await withExchange('binanceusdm');
    setup.loopback.fail(() => ({ kind: 'status', status: 400, text: '{"code":-1121,"msg":"Invalid symbol."}' }));

    await expect(fetchAll(setup, DAY)).rejects.toThrow(/refused to answer: it answered 400 .*Invalid symbol/);

    expect(setup.loopback.barRequests).toHaveLength(1);
  });

  it('ends at once when it is cancelled, though the exchange hangs', async () => {
    const setup = await withExchange('binanceusdm', { timeLimitMs: 20_000 });
    const cancel = new AbortController();
    setup.loopback.fail(() => {
      setTimeout(() => cancel.abort(new Error('cancelled')), 20);
      return { kind: 'hang' };
    });

    await expect(fetchAll(setup, { ...DAY, signal: cancel.signal })).rejects.toThrow('cancelled');
  });

  it('ends at once when it is cancelled while it waits for its turn', async () => {
    const setup = await withExchange('binanceusdm', { pauseMs: 2_000 });
    const startedMs = performance.now();
    const signal = AbortSignal.timeout(50);

    await expect(fetchAll(setup, { startMs: DAY.startMs, endMs: DAY.startMs + HOUR_MS, signal })).rejects.toThrow(/timeout/);

    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(setup.loopback.barRequests).toEqual([]);
  });

  it("stays within the exchange's rate limit", async () => {
    const setup = await withExchange('coinbase', { pauseMs: 20, requestsPerSecond: 18 });
    const startedMs = performance.now();

    await fetchAll(setup, { timeframe: '5m' });

    expect(setup.loopback.throttled()).toBe(0);
    expect(setup.waitsMs).toEqual([]);
    expect(performance.now() - startedMs, 'the limit was within reach').toBeGreaterThan(1_000);
  });

  it('gets past a throttle that is tighter than its own rate limit', async () => {
    const setup = await withExchange('coinbase');
    setup.loopback.fail(({ index }) => (index < 12 && index % 2 === 0 ? { kind: 'status', status: 429, retryAfterS: 1 } : null));

    expect(await fetchAll(setup)).toEqual(barsBetween('5m', MONTH.startMs, MONTH.endMs));

    expect(setup.waitsMs).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 1_000]);
  });
});

type Lie = (bars: readonly SentBar[], request: BarRequest, all: readonly SentBar[]) => readonly SentBar[];

describe('fetchCandles from an exchange with odd pages', () => {
  const harmless: readonly (readonly [string, Lie])[] = [
    ['sends every bar twice', (bars) => bars.flatMap((bar) => [bar, bar])],
    ['sends bars in no order', (bars) => bars.toSorted((a, b) => (a.openTimeMs % 700_000) - (b.openTimeMs % 700_000))],
    ['sends the newest first', (bars) => bars.toReversed()],
    ['sends fewer bars than asked for', (bars) => bars.slice(0, 37)],
    ['cuts pages at their older end', (bars) => bars.slice(-101)],
    [
      'adds the bars before the start',
      (bars, { startMs }, all) => [...all.filter(({ openTimeMs }) => openTimeMs < startMs).slice(-9), ...bars],
    ],
    [
      'adds the bar still open, with a price that is not final',
      (bars, _, all) => [...bars, ...all.slice(-1).map((bar) => ({ ...bar, low: 1 }))],
    ],
  ];

  it.each(harmless)('is whole when it %s', async (_, lie) => {
    const setup = await withExchange('coinbase');
    setup.loopback.lie(lie);

    const candles = await fetchAll(setup, { startMs: NOW_MS - 10 * 24 * HOUR_MS, endMs: NOW_MS });

    expect(candles).toEqual(barsBetween('5m', NOW_MS - 10 * 24 * HOUR_MS, NOW_MS));
  });

  const badMs = MONTH.startMs + 20 * HOUR_MS;
  const changed =
    (changes: Partial<SentBar>): Lie =>
    (bars) =>
      bars.map((bar) => (bar.openTimeMs === badMs ? { ...bar, ...changes } : bar));
  const harmful: readonly (readonly [string, Lie, RegExp])[] = [
    ['a price that is no number', changed({ high: 'NaN' }), /bad bar at 2025-03-01T20:00:00Z: high is NaN/],
    ['a negative price', changed({ low: -1 }), /bad bar at 2025-03-01T20:00:00Z: low is -1/],
    ['a negative volume', changed({ volume: -0.5 }), /bad bar at 2025-03-01T20:00:00Z: volume is -0\.5/],
    ['no close', changed({ close: '' }), /bad bar at 2025-03-01T20:00:00Z: close is/],
    ['a high below its low', changed({ high: 1 }), /bad bar at 2025-03-01T20:00:00Z: high 1 is below/],
    ['a time between two bars', changed({ openTimeMs: badMs + 1000 }), /bad bar at 2025-03-01T20:00:01Z: .* is not aligned/],
    ['a time in the future', changed({ openTimeMs: NOW_MS + HOUR_MS }), /a bar at 2025-03-31T11:07:30Z, which is in the future/],
    [
      'other numbers the second time',
      (bars) => bars.flatMap((bar) => (bar.openTimeMs === badMs ? [bar, { ...bar, volume: 1 }] : [bar])),
      /2025-03-01T20:00:00Z.* is a duplicate/,
    ],
  ];

  it.each(harmful)('refuses a bar with %s, and names its time', async (_, lie, expected) => {
    const setup = await withExchange('binanceusdm');
    setup.loopback.lie(lie);
    const pages: FetchedPage[] = [];

    const failure = (async () => {
      for await (const page of fetchCandles(wantedOf(setup, { timeframe: '1m' }))) pages.push(page);
    })();

    await expect(failure).rejects.toThrow(Refusal);
    await expect(failure).rejects.toThrow(/^Binance USDⓈ-M sent .* among the 1m bars of BTC-USDT\./);
    await expect(failure).rejects.toThrow(expected);
    expect(joinPages(pages), 'what came before is whole').toEqual(barsBetween('1m', MONTH.startMs, pages.at(-1)?.toMs ?? 0));
    expect(pages.length).toBeGreaterThan(0);
  });

  it('refuses times in seconds', async () => {
    const setup = await withExchange('binanceusdm');
    setup.loopback.lie((bars) => bars.map((bar) => ({ ...bar, openTimeMs: bar.openTimeMs / 1000 })));

    await expect(fetchAll(setup, DAY)).rejects.toThrow(
      /a bar at 1740787200, which looks like seconds \(2025-03-01T00:00:00Z\); wanted milliseconds/,
    );
  });

  const newestOnly: readonly (readonly [string, Lie])[] = [
    ['the newest bars, as many as asked for', (_, { limit }, all) => all.slice(-limit)],
    ['the same newest bars', (_bars, _request, all) => all.slice(-720)],
    ['the same few newest bars', (_bars, _request, all) => all.slice(-90)],
  ];

  it.each(newestOnly)('refuses an exchange that sends %s whatever the start', async (_, lie) => {
    const setup = await withExchange('binanceusdm');
    setup.loopback.lie(lie);

    await expect(fetchAll(setup)).rejects.toThrow(
      /gives only its newest 5m bars of BTC-USDT, now from 2025-03-\d\dT.* on; asked for were bars from 2025-03-01T00:00:00Z on/,
    );
  });

  it.each(newestOnly)('does not take a short range for empty when it gets %s instead', async (_, lie) => {
    const setup = await withExchange('binanceusdm');
    setup.loopback.lie(lie);

    await expect(fetchPages(setup, { startMs: DAY.startMs, endMs: DAY.startMs + 10 * MINUTE_MS })).rejects.toThrow(/gives only its newest/);
  });

  it('takes the bars of such an exchange where they reach far enough', async () => {
    const setup = await withExchange('binanceusdm');
    setup.loopback.lie((_bars, _request, all) => all.slice(-720));

    const candles = await fetchAll(setup, { startMs: NOW_MS - 24 * HOUR_MS, endMs: NOW_MS });

    expect(candles).toEqual(barsBetween('5m', NOW_MS - 24 * HOUR_MS, NOW_MS));
  });

  it('refuses an exchange that sends the same old page for ever', async () => {
    const setup = await withExchange('binanceusdm');
    setup.loopback.lie((bars, { startMs }, all) => (startMs > MONTH.startMs ? all.slice(0, 500) : bars));

    await expect(fetchAll(setup, { timeframe: '1m' })).rejects.toThrow(
      /sends 1m bars of BTC-USDT up to 2025-02-20T08:19:00Z where later ones were asked for/,
    );
  });

  it('does not settle what it was sent older bars for', async () => {
    const setup = await withExchange('binanceusdm');
    setup.loopback.lie((_bars, { limit }, all) => all.filter(({ openTimeMs }) => openTimeMs >= MONTH.startMs).slice(0, limit));
    const pages: FetchedPage[] = [];

    const failure = (async () => {
      for await (const page of fetchCandles(wantedOf(setup, { timeframe: '1m' }))) pages.push(page);
    })();

    await expect(failure).rejects.toThrow(/sends 1m bars of BTC-USDT up to 2025-03-01T16:39:00Z where later ones were asked for/);
    expect(rangesOf(pages)).toEqual([{ fromMs: MONTH.startMs, toMs: MONTH.startMs + 1_000 * MINUTE_MS }]);
  });

  it.each(['coinbase', 'binanceusdm'] as const)('begins with the first bar of a market listed later on %s', async (exchangeId) => {
    const setup = await withExchange(exchangeId);

    const pages = await fetchPages(setup, { startMs: LISTED_MS - 12 * HOUR_MS, endMs: LISTED_MS + 12 * HOUR_MS });

    expect(joinPages(pages)).toEqual(barsBetween('5m', LISTED_MS, LISTED_MS + 12 * HOUR_MS));
    expect(missingRanges(rangesOf(pages), { fromMs: LISTED_MS - 12 * HOUR_MS, toMs: LISTED_MS + 12 * HOUR_MS })).toEqual([]);
  });

  it('begins with the first bar of a market listed an hour ago', async () => {
    const listedMs = Date.UTC(2025, 2, 31, 9);
    const setup = await withExchange('binanceusdm');
    setup.loopback.lie((bars) => bars.filter(({ openTimeMs }) => openTimeMs >= listedMs));

    expect(await fetchAll(setup, { endMs: NOW_MS })).toEqual(barsBetween('5m', listedMs, NOW_MS));
  });
});

const rangesOf = (pages: readonly FetchedPage[]): TimeRange[] => pages.map(({ fromMs, toMs }) => ({ fromMs, toMs }));

describe('fetchCandles over holes', () => {
  const hole = { fromMs: MONTH.startMs + 30 * HOUR_MS, toMs: MONTH.startMs + 100 * HOUR_MS };
  const without: Lie = (bars) => bars.filter(({ openTimeMs }) => openTimeMs < hole.fromMs || openTimeMs >= hole.toMs);

  it.each(['coinbase', 'binanceusdm'] as const)(
    'leaves the bars that %s does not have missing, and settles the hole',
    async (exchangeId) => {
      const setup = await withExchange(exchangeId);
      setup.loopback.lie(
        exchangeId === 'coinbase'
          ? without
          : (bars, { startMs, limit }, all) =>
              bars.length === 0
                ? []
                : without(
                    all.filter(({ openTimeMs }) => openTimeMs >= startMs),
                    { index: 0, timeframe: '5m', startMs, limit },
                    all,
                  ).slice(0, limit),
      );

      const pages = await fetchPages(setup);

      const whole = barsBetween('5m', MONTH.startMs, MONTH.endMs);
      const present = [...whole.openTimeMs].filter((timeMs) => timeMs < hole.fromMs || timeMs >= hole.toMs);
      expect([...joinPages(pages).openTimeMs]).toEqual(present);
      expect(missingRanges(rangesOf(pages), { fromMs: MONTH.startMs, toMs: MONTH.endMs })).toEqual([]);
    },
  );

  it('puts longer bars together from what there is', async () => {
    const setup = await withExchange('coinbase');
    const missingHours = new Set([3, 8, 9, 10, 11, 12, 15].map((hour) => MONTH.startMs + hour * HOUR_MS));
    setup.loopback.lie((bars) => bars.filter(({ openTimeMs }) => !missingHours.has(openTimeMs)));

    const candles = await fetchAll(setup, { timeframe: '4h', startMs: MONTH.startMs, endMs: MONTH.startMs + 16 * HOUR_MS });

    expect([...candles.openTimeMs].map(iso)).toEqual(['2025-03-01T00:00:00Z', '2025-03-01T04:00:00Z', '2025-03-01T12:00:00Z']);
    const hours = barsBetween('1h', MONTH.startMs, MONTH.endMs);
    expect([candles.close[0], candles.open[2], candles.close[2]]).toEqual([hours.close[2], hours.open[13], hours.close[14]]);
  });

  it('does not believe that the newest bars are missing', async () => {
    const setup = await withExchange('binanceusdm');
    const publishedMs = NOW_MS - 3 * MINUTE_MS;
    setup.loopback.lie((bars) => bars.filter(({ openTimeMs }) => openTimeMs + MINUTE_MS <= publishedMs));

    const pages = await fetchPages(setup, { timeframe: '1m', startMs: NOW_MS - HOUR_MS, endMs: NOW_MS });

    expect(pages.at(-1)?.toMs).toBe(Date.UTC(2025, 2, 31, 10, 4));
  });
});

describe('a fetch that was killed', () => {
  /** What a store would remember: bars and settled ranges, page by page. */
  async function fetchInto(setup: Setup, stored: FetchedPage[], killAfterPages: number): Promise<void> {
    const ranges = missingRanges(rangesOf(stored), { fromMs: MONTH.startMs, toMs: MONTH.endMs });
    for (const { fromMs, toMs } of ranges) {
      for await (const page of fetchCandles(wantedOf(setup, { timeframe: '1m', startMs: fromMs, endMs: toMs }))) {
        stored.push(page);
        if (stored.length === killAfterPages) return;
      }
    }
  }

  it('goes on from its last page and asks for the rest alone', async () => {
    const setup = await withExchange('binanceusdm');
    const stored: FetchedPage[] = [];
    await fetchInto(setup, stored, 20);
    expect(stored).toHaveLength(20);

    await fetchInto(setup, stored, Number.POSITIVE_INFINITY);

    expect(joinPages(stored)).toEqual(barsBetween('1m', MONTH.startMs, MONTH.endMs));
    expect(setup.loopback.barRequests, 'as many as without the kill').toHaveLength(44);
    expect(setup.loopback.barRequests[20]?.startMs).toBe(MONTH.startMs + 20_000 * TIMEFRAME_MS['1m']);
  });

  it('asks for nothing when everything has been fetched', async () => {
    const setup = await withExchange('binanceusdm');
    const stored: FetchedPage[] = [];
    await fetchInto(setup, stored, Number.POSITIVE_INFINITY);
    const asked = setup.loopback.requests.length;

    await fetchInto(setup, stored, Number.POSITIVE_INFINITY);

    expect(setup.loopback.requests).toHaveLength(asked);
  });
});

describe('pages', () => {
  it('settle the range one after the other, without a gap, to its end', async () => {
    const setup = await withExchange('binanceusdm');

    const pages = await fetchPages(setup);

    const { startMs, endMs } = wantedOf(setup);
    expect(pages.map(({ candles }) => candles.openTimeMs.length)).toEqual([...Array.from({ length: 8 }, () => 1000), 640]);
    expect(pages.map(({ fromMs }) => fromMs)).toEqual([startMs, ...pages.slice(0, -1).map(({ toMs }) => toMs)]);
    expect(pages.at(-1)?.toMs).toBe(endMs);
  });

  it('asks for nothing when no bar of the range has closed', async () => {
    const setup = await withExchange('binanceusdm');

    expect(await fetchAll(setup, { startMs: NOW_MS - MINUTE_MS, endMs: NOW_MS + HOUR_MS })).toEqual(candlesFromBars([]));

    expect(setup.loopback.barRequests).toEqual([]);
    expect(seriesOf('5m').openTimeMs.length, 'the exchange has bars').toBeGreaterThan(0);
  });
});
