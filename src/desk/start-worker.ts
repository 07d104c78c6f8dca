import type { PlanRecord } from '../engine/plan-record.ts';
import type { RunResult } from '../engine/result.ts';
import { type AskedRun, askedRunSchema } from '../engine/run-spec.ts';
import { backtestJob } from '../jobs/backtest.job.ts';
import { type BacktestPorts, backtestProcessor } from '../jobs/backtest.processor.ts';
import { type EnginePool, openEnginePool } from '../jobs/engine-pool.ts';
import type { JobProcessor } from '../jobs/run-job.ts';
import type { Pool } from '../store/pool.ts';
import { findRun, markRunning } from '../store/runs.ts';
import { transact } from '../store/transaction.ts';
import { type Cancellations, cancellable, watchCancellations } from './cancellations.ts';
import { runEnder } from './end-run.ts';
import { type ExchangeService, openExchangeServices } from './exchange-service.ts';
import { type Simulate, simulateOn } from './keep-simulated.ts';
import type { Desk } from './open-desk.ts';
import type { PlannedBacktest } from './plan-backtest.ts';
import { preparePlannedRun } from './prepare-planned.ts';
import { startCompareWorker } from './start-compare-worker.ts';
import { startFetchWorker } from './start-fetch-worker.ts';
import { type RunningWorker, startSweptWorker } from './start-swept-worker.ts';

export type { RunningWorker } from './start-swept-worker.ts';

/** Works on backtests, as many at once as the environment allows, each on a thread of its own, on comparisons and on fetches. */
export async function startWorker(desk: Desk): Promise<RunningWorker> {
  const { config, reportError } = desk;
  const engine = openEnginePool({ threads: config.workerThreads, reportError });
  engine.warmUp();
  const exchanges = openExchangeServices({ exchangeId: config.exchangeId, baseUrl: config.exchangeBaseUrl });
  const cancellations = await watchCancellations(desk);
  const parts = { exchange: exchanges.of(config.exchangeId), cancellations, simulate: simulateOn(engine) };
  const workers = [
    await startSweptWorker(desk, {
      kind: 'run',
      contract: backtestJob,
      concurrency: config.workerThreads,
      processor: processorFor(desk, { ...parts, runEngine: engine.runBacktest }),
      payloadOf: ({ id, guildId }) => ({ runId: id, guildId }),
    }),
    await startCompareWorker(desk, { ...parts, runEngine: engine.runComparison }),
    await startFetchWorker(desk, { exchanges, cancellations }),
  ];
  return {
    close: async (deadlineMs) => {
      await Promise.all(workers.map((worker) => worker.close(deadlineMs)));
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
  readonly runEngine: EnginePool['runBacktest'];
};

type Run = { readonly runId: string; readonly guildId: string };

function processorFor(desk: Desk, parts: WorkerParts): JobProcessor<Run> {
  return {
    process: (payload, context) => backtestProcessor(portsOf(desk, parts, payload)).process(payload, context),
    abandon: (payload, error) => backtestProcessor(portsOf(desk, parts, payload)).abandon(payload, error),
  };
}

type PlannedResult = { readonly result: RunResult; readonly records: readonly PlanRecord[] };

function portsOf(
  { pool, config, metrics, reportError }: Desk,
  parts: WorkerParts,
  run: Run,
): BacktestPorts<PlannedBacktest, PlannedResult> {
  const { exchange, simulate, cancellations, runEngine } = parts;
  const { saveResult, saveRefusal, saveFailure } = runEnder(pool);
  const unlessCancelled = cancellable(cancellations, { kind: 'run', id: run.runId });
  const startedMs = performance.now();
  const secondsSoFar = () => (performance.now() - startedMs) / 1_000;
  return {
    begin: (runId, guildId) => beginRun(pool, runId, guildId),
    loadInput: unlessCancelled((asked: AskedRun, options) =>
      preparePlannedRun({ pool, exchange, simulate, access: config }, run, asked, options),
    ),
    runEngine: unlessCancelled(async ({ backtest, records }: PlannedBacktest, options) => ({
      result: await runEngine(backtest, options),
      records,
    })),
    saveResult: async (runId, planned) => {
      if (await saveResult(runId, planned)) metrics.runEnded('done', secondsSoFar());
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
