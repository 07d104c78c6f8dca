import { startJobWorker } from '../../src/jobs/job-worker.ts';
import { openBackend } from '../../src/jobs/open-backend.ts';
import { workJob } from './work.job.ts';

/** A worker of its own process that says which work it has taken and never ends any. The arguments name the database, and Redis or nothing. */
const [, , databaseUrl = '', redisUrl = ''] = process.argv;
const forever = Promise.withResolvers<void>();
const reportError = (error: unknown) => process.stderr.write(`${error}\n`);

await startJobWorker({
  contract: workJob,
  backend: await openBackend({ databaseUrl, redisUrl: redisUrl === '' ? null : redisUrl, reportError }),
  concurrency: 1,
  timing: { lockMs: 1_000, stalledCheckMs: 200, progressMs: 100 },
  processor: {
    process: ({ workId }) => {
      process.stdout.write(`${workId}\n`);
      return forever.promise;
    },
    abandon: () => Promise.resolve(),
  },
  reportError,
});
