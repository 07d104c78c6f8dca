import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { type Cancellations, watchCancellations } from '../../src/desk/cancellations.ts';
import { type ExchangeServices, openExchangeService } from '../../src/desk/exchange-service.ts';
import { type Desk, openDesk } from '../../src/desk/open-desk.ts';
import { startFetchWorker } from '../../src/desk/start-fetch-worker.ts';
import type { RunningWorker } from '../../src/desk/start-worker.ts';
import { submitFetch } from '../../src/desk/submit-fetch.ts';
import { THE_TERMINAL } from '../../src/desk/submit-work.ts';
import { DAY_MS, type Timeframe } from '../../src/engine/bar.ts';
import { fetchCandlesJob } from '../../src/jobs/fetch-candles.job.ts';
import { simulateCandles, simulateFunding } from '../../src/market/simulated.ts';
import { findFetch } from '../../src/store/fetches.ts';
import { describeOnBackends, withBackend } from '../jobs/with-backend.ts';
import { insertQueuedFetch } from '../support/fetches.ts';
import { type LoopbackExchange, openLoopbackExchange } from '../support/loopback-exchange.ts';

const START_MS = Date.UTC(2025, 9, 1);
const RANGE = { startMs: START_MS, endMs: START_MS + 10 * DAY_MS };
const MARKET = { symbol: 'BTC-USDT', startMs: START_MS - DAY_MS, endMs: START_MS + 20 * DAY_MS, seed: 11 };
const ASKED = { exchange: 'binanceusdm', symbol: 'BTC-USDT', timeframe: '5m', ...RANGE } as const;
const BARS = 10 * 288;
const BUSY = { kind: 'status', status: 503 } as const;
const WAIT = { timeout: 20_000, interval: 20 };
const CHANNEL = { guildId: 'g', channelId: 'c', userId: 'ana', reply: null };

describeOnBackends('the worker of fetches', (kind) => {
  const server = withBackend(kind, fetchCandlesJob.name);
  const errors: unknown[] = [];
  const workers: RunningWorker[] = [];
  const asked: string[] = [];
  let desk: Desk;
  let loopback: LoopbackExchange;
  let exchanges: ExchangeServices;
  let cancellations: Cancellations;

  beforeAll(async () => {
    const candlesOf = (timeframe: Timeframe) => simulateCandles({ ...MARKET, timeframe });
    loopback = await openLoopbackExchange({ candlesOf, funding: simulateFunding(MARKET), nowMs: () => Date.now() });
    const service = openExchangeService({ exchangeId: 'binanceusdm', baseUrl: loopback.url });
    const of = (exchangeId: string) => {
      asked.push(exchangeId);
      return service;
    };
    exchanges = { of, close: service.close };
    const redisUrl = server.redisUrl();
    const env = { DATABASE_URL: server.database.databaseUrl, ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }) };
    desk = await openDesk(parseConfig(env), (error) => errors.push(error));
    cancellations = await watchCancellations(desk);
  });

  afterAll(async () => {
    await cancellations.close();
    await exchanges.close();
    await desk.close();
    await loopback.close();
  });

  afterEach(async () => {
    await stopWorkers();
    loopback.fail(() => null);
    await desk.pool.query('truncate candles, funding, fetched_ranges, fetches cascade');
    await desk.pool.query('delete from outbox');
    errors.length = 0;
  });

  const startWorker = async () => void workers.push(await startFetchWorker(desk, { exchanges, cancellations }));
  const stopWorkers = () => Promise.all(workers.splice(0).map((worker) => worker.close(0)));
  const read = (id: string, guildId = 'g') => findFetch(desk.pool, { id, guildId });
  const reaches = (id: string, state: string) => vi.waitFor(async () => expect((await read(id))?.state).toBe(state), WAIT);
  const messages = async () => (await desk.pool.query('select id, channel_id, kind, run_id from outbox')).rows;
  const jobOf = (id: string) => `fetch-candles-${id}`;
  /** The exchange gives 1,000 bars at once: of ten days the first page comes. */
  const failAfterFirstPage = () => loopback.fail(({ startMs }) => (startMs >= START_MS + DAY_MS ? BUSY : null));

  it('keeps the bars, ends the row and writes the message about it, at the exchange that the row names', async () => {
    await startWorker();
    const { fetchId } = await submitFetch(desk, ASKED, CHANNEL);
    await reaches(fetchId, 'done');

    expect(await read(fetchId)).toMatchObject({ ...ASKED, newBars: BARS, progress: 1, hasFunding: true, error: null });
    expect(await messages()).toEqual([{ id: fetchId, channel_id: 'c', kind: 'fetch-ended', run_id: null }]);
    expect(asked.at(-1)).toBe('binanceusdm');
    expect(errors).toEqual([]);
  });

  it('goes on where an earlier attempt was stopped, asks for nothing twice, and counts every bar once', async () => {
    failAfterFirstPage();
    await startWorker();
    const { fetchId } = await submitFetch(desk, ASKED, CHANNEL);
    await vi.waitFor(async () => expect((await read(fetchId))?.newBars).toBe(1_000), WAIT);
    await stopWorkers();
    expect(await read(fetchId)).toMatchObject({ state: 'running', progress: 1_000 / BARS });
    const askedBefore = loopback.barRequests.length;

    loopback.fail(() => null);
    await startWorker();
    await reaches(fetchId, 'done');

    expect(await read(fetchId)).toMatchObject({ newBars: BARS });
    const later = loopback.barRequests.slice(askedBefore);
    expect(Math.min(...later.map(({ startMs }) => startMs))).toBe(START_MS + 1_000 * 300_000);
    const { rows } = await desk.pool.query('select sum(bar_count)::integer as bars from candles');
    expect(rows).toEqual([{ bars: BARS }]);
  });

  it('asks again for what an emptied queue has lost, and it ends once', async () => {
    const { fetchId } = await submitFetch(desk, ASKED, CHANNEL);
    const never = await insertQueuedFetch(desk.pool, { ...ASKED, guildId: 'g' });
    expect(await server.stateOf(jobOf(fetchId))).toBe('waiting');
    await server.empty();
    expect(await server.stateOf(jobOf(fetchId)), 'the queue was really empty').toBeNull();

    await startWorker();
    await reaches(fetchId, 'done');
    await reaches(never, 'done');

    expect((await messages()).map(({ id }) => id)).toEqual([fetchId]);
  });

  it('does nothing for a fetch that has ended before', async () => {
    const { fetchId } = await submitFetch(desk, ASKED, CHANNEL);
    await desk.pool.query(`update fetches set state = 'refused', error = 'no', finished_at = now() where id = $1`, [fetchId]);
    const askedBefore = loopback.requests.length;

    await startWorker();
    await vi.waitFor(async () => expect(await server.stateOf(jobOf(fetchId))).toBe('completed'), WAIT);

    expect(loopback.requests.length).toBe(askedBefore);
    expect(await messages()).toEqual([]);
  });

  it('ends nothing while the message about the end cannot be written', async () => {
    await desk.pool.query('alter table outbox rename to away');
    await startWorker();
    const { fetchId } = await submitFetch(desk, ASKED, CHANNEL);
    await vi.waitFor(() => expect(String(errors)).toContain('will be tried again'), WAIT);
    const meanwhile = await read(fetchId);
    await desk.pool.query('alter table away rename to outbox');
    await reaches(fetchId, 'done');

    expect(meanwhile).toMatchObject({ state: 'running', market: null });
    expect(await messages()).toHaveLength(1);
    expect(await read(fetchId), 'what came is counted once').toMatchObject({ newBars: BARS });
  });

  it('tells nobody in a channel of what the terminal asked for', async () => {
    await startWorker();
    const { fetchId } = await submitFetch(desk, ASKED, THE_TERMINAL);
    await vi.waitFor(async () => expect((await read(fetchId, 'local'))?.state).toBe('done'), WAIT);

    expect(await messages()).toEqual([]);
  });
});
