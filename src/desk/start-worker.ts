import { type AskedRun, askedRunSchema } from '../engine/run-spec.ts';
import { backtestJob } from '../jobs/backtest.job.ts';
import { type BacktestPorts, backtestProcessor } from '../jobs/backtest.processor.ts';
import { openEnginePool } from '../jobs/engine-pool.ts';
import { startJobWorker } from '../jobs/job-worker.ts';
import type { JobProcessor } from '../jobs/run-job.ts';
import { startSweep } from '../jobs/sweep.ts';
import type { Pool } from '../store/pool.ts';
import { findRun, listUnfinishedRuns, markRunning } from '../store/runs.ts';
import { transact } from '../store/transaction.ts';
import { type Cancellations, watchCancellations } from './cancellations.ts';
import { runEnder } from './end-run.ts';
import { type ExchangeService, openExchangeServices } from './exchange-service.ts';
import { type Simulate, simulateOn } from './keep-simulated.ts';
import type { Desk } from './open-desk.ts';
import { prepareRun } from './prepare-run.ts';
import { setTimer } from './set-timer.ts';
import { startFetchWorker } from './start-fetch-worker.ts';

export type RunningWorker = { readonly close: (deadlineMs: number) => Promise<void> };

/** Works on backtests: as many at once as the environment allows, each on a thread of its own. It also looks for jobs that got lost. */
export async function startWorker(desk: Desk): Promise<RunningWorker> {
  const { config, pool, queue, backend, reportError } = desk;
  const engine = openEnginePool({ threads: config.workerThreads, reportError });
  engine.warmUp();
  const exchanges = openExchangeServices({ exchangeId: config.exchangeId, baseUrl: config.exchangeBaseUrl });
  const cancellations = await watchCancellations(desk);
  const worker = await startJobWorker({
    contract: backtestJob,
    backend,
    concurrency: config.workerThreads,
    reportError,
    processor: processorFor(desk, {
      exchange: exchanges.of(config.exchangeId),
      cancellations,
      simulate: simulateOn(engine),
      runEngine: engine.runBacktest,
    }),
  });
  const fetching = await startFetchWorker(desk, { exchanges, cancellations });
  const sweep = startSweep({
    contract: backtestJob,
    queue,
    listUnfinished: async (olderThanMs) => (await listUnfinishedRuns(pool, olderThanMs)).map(({ id, guildId }) => ({ runId: id, guildId })),
    setTimer,
    reportError,
  });
  return {
    close: async (deadlineMs) => {
      await Promise.all([sweep.close(), fetching.close(deadlineMs), worker.close(deadlineMs)]);
      await cancellations.close();
      await exchanges.close();
      await engine.close();
    },
  };
}

/** One processor an attempt: what it reports and counts is about its run. */
type WorkerParts = {
  readonly exchange: ExchangeService;
  readonly simulate: Simulate;
  readonly cancellations: Cancellations;
  readonly runEngine: BacktestPorts['runEngine'];
};

type Run = { readonly runId: string; readonly guildId: string };

function processorFor(desk: Desk, parts: WorkerParts): JobProcessor<Run> {
  return {
    process: (payload, context) => backtestProcessor(portsOf(desk, parts, payload)).process(payload, context),
    abandon: (payload, error) => backtestProcessor(portsOf(desk, parts, payload)).abandon(payload, error),
  };
}

function portsOf({ pool, metrics, reportError }: Desk, parts: WorkerParts, run: Run): BacktestPorts {
  const { exchange, simulate, cancellations, runEngine } = parts;
  const { saveResult, saveRefusal, saveFailure } = runEnder(pool);
  const work = { kind: 'run', id: run.runId } as const;
  const startedMs = performance.now();
  const secondsSoFar = () => (performance.now() - startedMs) / 1_000;
  return {
    beginRun: (runId, guildId) => beginRun(pool, runId, guildId),
    loadInput: (asked, { signal, onProgress }) =>
      cancellations.unlessCancelled(work, signal, (either) =>
        prepareRun({ pool, exchange, simulate }, run, asked, { signal: either, onProgress }),
      ),
    runEngine: (input, { signal, onProgress }) =>
      cancellations.unlessCancelled(work, signal, (either) => runEngine(input, { signal: either, onProgress })),
    saveResult: async (runId, result) => {
      if (await saveResult(runId, result)) metrics.runEnded('done', secondsSoFar());
    },
    saveRefusal: async (runId, reason) => {
      // A run that somebody cancelled ends as a refusal too; it was counted when it was cancelled.
      if (await saveRefusal(runId, reason)) metrics.runEnded('refused', secondsSoFar());
    },
    saveFailure: async (runId, reference) => {
      // The attempt that failed is over by now, and how long it took with it.
      if (await saveFailure(runId, reference)) metrics.runEnded('failed', null);
    },
    reportError: (error, reference) => reportError(new Error('A run failed', { cause: error }), { ...run, reference }),
  };
}

/** Null when the run has ended already. */
async function beginRun(pool: Pool, id: string, guildId: string): Promise<AskedRun | null> {
  const run = await findRun(pool, { id, guildId });
  if (run === null || !(await transact(pool, (tx) => markRunning(tx, id)))) return null;
  return askedRunSchema.parse(run.request);
}
