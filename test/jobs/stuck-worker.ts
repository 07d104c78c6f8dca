import { startJobWorker } from '../../src/jobs/job-worker.ts';
import { postgresBackend } from '../../src/jobs/queue-backend.ts';
import { workJob } from './work.job.ts';

/** A worker of its own process that says which work it has taken and never ends any. The database is named as the argument. */
const [, , databaseUrl = ''] = process.argv;
const forever = Promise.withResolvers<void>();

await startJobWorker({
  contract: workJob,
  backend: postgresBackend(databaseUrl),
  concurrency: 1,
  timing: { lockMs: 1_000, stalledCheckMs: 200, progressMs: 100 },
  processor: {
    process: ({ workId }) => {
      process.stdout.write(`${workId}\n`);
      return forever.promise;
    },
    abandon: () => Promise.resolve(),
  },
  reportError: (error) => process.stderr.write(`${error}\n`),
});
