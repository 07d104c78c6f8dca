import { fetchCandlesJob } from '../jobs/fetch-candles.job.ts';
import { type FetchPorts, fetchCandlesProcessor } from '../jobs/fetch-candles.processor.ts';
import { type Fetch, findFetch, finishFetch, noteFetchedPage } from '../store/fetches.ts';
import type { Pool } from '../store/pool.ts';
import { transact } from '../store/transaction.ts';
import { WORK_ROWS } from '../store/work-rows.ts';
import type { Cancellations } from './cancellations.ts';
import { workEnder } from './end-work.ts';
import type { ExchangeServices } from './exchange-service.ts';
import { fetchMissingCandles, fetchMissingFunding } from './fetch-missing.ts';
import type { Desk } from './open-desk.ts';
import { type RunningWorker, startSweptWorker } from './start-swept-worker.ts';

type Parts = { readonly exchanges: ExchangeServices; readonly cancellations: Cancellations };

const { markRunning } = WORK_ROWS.fetch;

/** Fetches bars that somebody asked for, one market after the other: an exchange's limits leave no room for more. */
export function startFetchWorker(desk: Desk, parts: Parts): Promise<RunningWorker> {
  return startSweptWorker(desk, {
    kind: 'fetch',
    contract: fetchCandlesJob,
    concurrency: 1,
    processor: fetchCandlesProcessor(portsOf(desk, parts)),
    payloadOf: ({ id, guildId }) => ({ fetchId: id, guildId }),
  });
}

function portsOf({ pool, reportError }: Desk, { exchanges, cancellations }: Parts): FetchPorts<Fetch> {
  const { end, saveRefusal, saveFailure } = workEnder(pool, 'fetch');
  return {
    beginFetch: (fetchId, guildId) => beginFetch(pool, { id: fetchId, guildId }),
    fetchCandles: (fetch, { signal, onProgress }) =>
      cancellations.unlessCancelled({ kind: 'fetch', id: fetch.id }, signal, (either) =>
        fetchFromExchange({ pool, exchanges }, fetch, { signal: either, onProgress }),
      ),
    saveSummary: (id, summary) => end(id, (tx) => finishFetch(tx, { id, ...summary })),
    saveRefusal,
    saveFailure,
    reportError: (error, reference) => reportError(new Error('A fetch failed', { cause: error }), { reference }),
  };
}

/** Null when the fetch has ended already. */
async function beginFetch(pool: Pool, wanted: { readonly id: string; readonly guildId: string }): Promise<Fetch | null> {
  if (!(await transact(pool, (tx) => markRunning(tx, wanted.id)))) return null;
  return findFetch(pool, wanted);
}

type Ports = { readonly pool: Pool; readonly exchanges: ExchangeServices };
type DoFetch = FetchPorts<Fetch>['fetchCandles'];

async function fetchFromExchange({ pool, exchanges }: Ports, ...[fetch, { signal, onProgress }]: Parameters<DoFetch>): ReturnType<DoFetch> {
  const { id, symbol, instrument, timeframe, startMs, endMs } = fetch;
  const exchange = await exchanges.of(fetch.exchange).open();
  const market = await exchange.findMarket({ symbol, instrument, signal });
  const wanted = { pool, exchange, market, startMs, endMs, signal };
  await fetchMissingCandles(wanted, {
    timeframe,
    onProgress,
    onKeep: (tx, { bars, fraction }) => noteFetchedPage(tx, { id, bars, progress: fraction }),
  });
  const hasFunding = market.kind === 'swap' && (await fetchMissingFunding(wanted));
  return { market: market.description, hasFunding };
}
