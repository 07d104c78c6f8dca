import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOTHING_ASKED, resolveBacktestRequest } from '../../src/commands/backtest-request.ts';
import { type ExchangeService, openExchangeService } from '../../src/desk/exchange-service.ts';
import { type Simulate, simulateOn } from '../../src/desk/keep-simulated.ts';
import { prepareRun } from '../../src/desk/prepare-run.ts';
import { DAY_MS, type Timeframe } from '../../src/engine/bar.ts';
import { sliceCandles } from '../../src/engine/candles.ts';
import { NOTHING_SET } from '../../src/engine/guild-view.ts';
import { type AskedRun, askedRunSchema } from '../../src/engine/run-spec.ts';
import { type EnginePool, openEnginePool } from '../../src/jobs/engine-pool.ts';
import { simulateCandles, simulateFunding } from '../../src/market/simulated.ts';
import { findRun, insertRun } from '../../src/store/runs.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';
import { type LoopbackExchange, openLoopbackExchange } from '../support/loopback-exchange.ts';
import { NO_EXCHANGE } from '../support/no-exchange.ts';

const NOW_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const MARKET = { symbol: 'BTC-USDT', startMs: NOW_MS - 12 * DAY_MS, endMs: NOW_MS, seed: 11 };
const candlesOf = (timeframe: Timeframe) => simulateCandles({ ...MARKET, timeframe });

describe('preparing a run', () => {
  const database = withDatabase();
  let loopback: LoopbackExchange;
  let exchange: ExchangeService;
  let engine: EnginePool;
  let simulate: Simulate;

  beforeAll(async () => {
    engine = openEnginePool({ threads: 1, reportError: (error) => expect.fail(String(error)) });
    simulate = simulateOn(engine);
    loopback = await openLoopbackExchange({ candlesOf, funding: simulateFunding(MARKET), nowMs: () => Date.now() });
    exchange = openExchangeService({ exchangeId: 'binanceusdm', baseUrl: loopback.url });
  });

  afterAll(async () => {
    await engine.close();
    await exchange.close();
    await loopback.close();
  });

  const asked = (changes: Partial<typeof NOTHING_ASKED> = {}): AskedRun =>
    resolveBacktestRequest(
      { ...NOTHING_ASKED, preset: 'scalper-5m', symbols: 'BTC-USDT', ...changes },
      { requestedAtMs: NOW_MS, guild: NOTHING_SET, strategyIds: ['aggressive_active'], exchange: 'binanceusdm' },
    );

  const prepare = async (run: AskedRun, service: ExchangeService = exchange) => {
    const runId = crypto.randomUUID();
    await transact(database.pool, (tx) => insertRun(tx, { id: runId, guildId: 'g', channelId: null, requestedBy: null, request: run }));
    const told: number[] = [];
    const options = { signal: new AbortController().signal, onProgress: (done: number) => void told.push(done) };
    const input = await prepareRun({ pool: database.pool, exchange: service, simulate }, { runId, guildId: 'g' }, run, options);
    const stored = await findRun(database.pool, { id: runId, guildId: 'g' });
    return { input, told, stored: askedRunSchema.parse(stored?.request) };
  };

  it('fetches what an exchange that answers has, says which market it is, and settles that once', async () => {
    const { input, told, stored } = await prepare(asked());

    expect(input).toMatchObject({ simulated: false, startMs: NOW_MS - 3 * DAY_MS });
    expect(input.source).toContain('BTC');
    expect(stored.candleSource).toMatchObject({ kind: 'exchange', sources: { 'BTC-USDT': 'ccxt:binanceusdm:swap' } });
    const [market] = input.markets;
    const bars = market?.candles.openTimeMs.length ?? 0;
    const whole = candlesOf('5m');
    expect(market?.candles.close).toEqual(sliceCandles(whole, whole.close.length - bars, whole.close.length).close);
    expect(bars, 'three days and their warm-up').toBeGreaterThan(864 + 50);
    expect(market?.funding?.rate.length, 'three settlements a day').toBeGreaterThanOrEqual(9);
    expect(told.at(-1)).toBe(1);
  });

  it('asks the exchange for nothing it has kept already, and only for what is missing of a longer range', async () => {
    await prepare(asked({ days: 5 }));
    const requestsSoFar = loopback.barRequests.length;

    await prepare(asked({ days: 5 }));
    expect(loopback.barRequests.length).toBe(requestsSoFar);

    await prepare(asked({ days: 8 }));
    const later = loopback.barRequests.slice(requestsSoFar);
    expect(later.length).toBeGreaterThan(0);
    expect(Math.max(...later.map(({ startMs }) => startMs)), 'the last five days are kept').toBeLessThan(NOW_MS - 5 * DAY_MS);
  });

  it('refuses a market the exchange does not have, naming the nearest', async () => {
    await expect(prepare(asked({ symbols: 'BTC-USDX' }))).rejects.toThrow(/BTC-USDT/);
  });

  it('takes the simulated market when the exchange does not answer, and says so', async () => {
    const silent = openExchangeService({ exchangeId: 'binanceusdm', baseUrl: NO_EXCHANGE });

    const { input, stored } = await prepare(asked(), silent);

    expect(input).toMatchObject({ simulated: true, source: 'simulated, seed 1' });
    expect(stored.candleSource).toEqual({ kind: 'simulated', seed: 1 });
    await silent.close();
  });
});
