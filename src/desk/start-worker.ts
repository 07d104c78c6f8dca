import { type RunSpec, runSpecSchema } from '../engine/run-spec.ts';
import { backtestJob } from '../jobs/backtest.job.ts';
import { backtestProcessor } from '../jobs/backtest.processor.ts';
import { openEnginePool } from '../jobs/engine-pool.ts';
import { startJobWorker } from '../jobs/job-worker.ts';
import { findRun, markRunning } from '../store/runs.ts';
import { transact } from '../store/transaction.ts';
import { runEnder } from './end-run.ts';
import { loadBacktestInput } from './load-input.ts';
import type { Desk } from './open-desk.ts';

export type RunningWorker = { readonly close: (deadlineMs: number) => Promise<void> };

/** Works on backtests: as many at once as the environment allows, each on a thread of its own. */
export async function startWorker({ config, pool, backend, reportError }: Desk): Promise<RunningWorker> {
  const engine = openEnginePool({ threads: config.workerThreads, reportError });
  engine.warmUp();
  const worker = await startJobWorker({
    contract: backtestJob,
    backend,
    concurrency: config.workerThreads,
    reportError,
    processor: backtestProcessor({
      beginRun,
      loadInput: (spec) => loadBacktestInput(pool, spec),
      runEngine: engine.runBacktest,
      ...runEnder(pool),
      reportError: (error, reference) => reportError(new Error(`Run failed; reference ${reference}`, { cause: error })),
    }),
  });
  return {
    close: async (deadlineMs) => {
      await worker.close(deadlineMs);
      await engine.close();
    },
  };

  async function beginRun(id: string, guildId: string): Promise<RunSpec | null> {
    const run = await findRun(pool, { id, guildId });
    if (run === null || !(await transact(pool, (tx) => markRunning(tx, id)))) return null;
    return runSpecSchema.parse(run.request);
  }
}
