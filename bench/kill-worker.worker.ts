import { inspect } from 'node:util';
import { runEnder } from '../src/desk/end-run.ts';
import { openExchangeService } from '../src/desk/exchange-service.ts';
import { loadBacktestInput } from '../src/desk/load-input.ts';
import { askedRunSchema, runSpecSchema } from '../src/engine/run-spec.ts';
import { backtestJob } from '../src/jobs/backtest.job.ts';
import { backtestProcessor } from '../src/jobs/backtest.processor.ts';
import { openEnginePool } from '../src/jobs/engine-pool.ts';
import { startJobWorker } from '../src/jobs/job-worker.ts';
import { openBackend } from '../src/jobs/open-backend.ts';
import { openPool } from '../src/store/pool.ts';
import { findRun, markRunning } from '../src/store/runs.ts';
import { transact } from '../src/store/transaction.ts';

/** A worker to be killed, with locks so short that its successor need not wait long. It says when it is ready. */
const [, , databaseUrl = '', redisUrl = ''] = process.argv;
const reportError = (error: unknown) => process.stderr.write(`${inspect(error)}\n`);

const pool = openPool({ databaseUrl, applicationName: 'kill-worker', reportError });
const engine = openEnginePool({ threads: 1, reportError });
engine.warmUp();
const exchange = openExchangeService({ exchangeId: 'coinbase', baseUrl: null });
await startJobWorker({
  contract: backtestJob,
  backend: await openBackend({ databaseUrl, redisUrl: redisUrl === '' ? null : redisUrl, reportError }),
  concurrency: 1,
  timing: { lockMs: 1_000, stalledCheckMs: 250, progressMs: 100 },
  reportError,
  processor: backtestProcessor({
    beginRun: async (id, guildId) => {
      const run = await findRun(pool, { id, guildId });
      if (run === null || !(await transact(pool, (tx) => markRunning(tx, id)))) return null;
      return askedRunSchema.parse(run.request);
    },
    loadInput: (asked, options) => loadBacktestInput({ pool, exchange }, runSpecSchema.parse(asked), options),
    runEngine: engine.runBacktest,
    ...runEnder(pool),
    reportError,
  }),
});
process.stdout.write('ready\n');
