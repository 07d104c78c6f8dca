import { fetchCandlesJob } from '../jobs/fetch-candles.job.ts';
import { type FetchPorts, fetchCandlesProcessor } from '../jobs/fetch-candles.processor.ts';
import { startJobWorker } from '../jobs/job-worker.ts';
import { enqueueMessage } from '../store/outbox.ts';
import type { Pool } from '../store/pool.ts';
import { transact } from '../store/transaction.ts';
import type { ExchangeService } from './exchange-service.ts';
import { fetchMissingCandles, fetchMissingFunding } from './fetch-missing.ts';
import type { Desk } from './open-desk.ts';
import type { RunningWorker } from './start-worker.ts';

/** A message that a fetch has ended, one way or another. */
export const CANDLES_FETCHED = 'candles-fetched';

/** Fetches bars that somebody asked for, one market after the other: the exchange's limits leave no room for more. */
export function startFetchWorker({ pool, backend, reportError }: Desk, exchange: ExchangeService): Promise<RunningWorker> {
  return startJobWorker({
    contract: fetchCandlesJob,
    backend,
    concurrency: 1,
    reportError,
    processor: fetchCandlesProcessor({
      fetchCandles: (request, options) => fetchFromExchange({ pool, exchange }, request, options),
      tell: async ({ fetchId: id, guildId, channelId }, payload) => {
        const message = { id, guildId, channelId, runId: null, kind: CANDLES_FETCHED, payload };
        await transact(pool, (tx) => enqueueMessage(tx, message));
      },
      reportError: (error, reference) => reportError(new Error('A fetch failed', { cause: error }), { reference }),
    }),
  });
}

type Ports = { readonly pool: Pool; readonly exchange: ExchangeService };
type Fetch = FetchPorts['fetchCandles'];

async function fetchFromExchange({ pool, exchange }: Ports, ...[request, { signal, onProgress }]: Parameters<Fetch>): ReturnType<Fetch> {
  const { symbol, instrument, timeframe, startMs, endMs } = request;
  const opened = await exchange.open();
  const market = await opened.findMarket({ symbol, instrument, signal });
  const wanted = { pool, exchange: opened, market, startMs, endMs, signal };
  const newBars = await fetchMissingCandles(wanted, timeframe, onProgress);
  const hasFunding = market.kind === 'swap' && (await fetchMissingFunding(wanted));
  return { market: market.description, newBars, hasFunding };
}
