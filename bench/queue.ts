import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { defineJob } from '../src/jobs/job.ts';
import { type JobQueue, openJobQueue } from '../src/jobs/job-queue.ts';
import { startJobWorker } from '../src/jobs/job-worker.ts';
import { openBackend } from '../src/jobs/open-backend.ts';
import type { QueueBackend } from '../src/jobs/queue-backend.ts';
import { openEmbeddedServer } from '../src/store/embedded-server.ts';
import { migrate } from '../src/store/migrate.ts';
import type { Figure } from './measure.ts';
import { findRedisMissing, startRedisServer } from './redis-server.ts';

/** As the desk runs by default, and as many threads as its environment allows. */
const CONCURRENCIES = [1, 16] as const;
const JOBS = 1_000;
/** People who ask at the same time. */
const ASKERS = 16;
const LONE_JOBS = 100;

/** A contract with the options of a backtest, and nothing to do. */
const emptyJob = defineJob({
  name: 'empty',
  payload: z.strictObject({ workId: z.string().min(1).describe('Names the work') }),
  id: ({ workId }) => `empty-${workId}`,
  options: {
    attempts: 3,
    backoff: { type: 'exponential', delay: 1_000 },
    removeOnComplete: { age: 86_400 },
    removeOnFail: { age: 604_800 },
  },
});

/** The queue in this process, through our own contracts and workers, on both backends. */
export async function measureQueue(): Promise<readonly Figure[]> {
  await using opened = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'scalpdesk-bench-'));
  opened.defer(() => rm(dir, { recursive: true, force: true }));
  const server = await openEmbeddedServer({ dataDir: dir });
  opened.defer(server.close);
  const { databaseUrl } = server;
  await migrate(databaseUrl);

  const onPostgres = await measureBackend('PostgreSQL', await openBackend({ databaseUrl, redisUrl: null, reportError }));
  if (findRedisMissing() !== null) return onPostgres;
  const redis = await startRedisServer(join(dir, 'redis'));
  opened.defer(redis.kill);
  const onRedis = await measureBackend('Redis', await openBackend({ databaseUrl, redisUrl: redis.url, reportError }));
  return onRedis.flatMap((figure, index) => {
    const beside = onPostgres[index];
    return beside === undefined ? [figure] : [beside, { ...figure, reference: 'PostgreSQL', ratio: figure.value / beside.value }];
  });
}

async function measureBackend(name: string, backend: QueueBackend): Promise<readonly Figure[]> {
  const queue = openJobQueue({ backend, reportError });
  try {
    const figures = [
      single(`queue on ${name}, from asking to start, idle worker, median of ${LONE_JOBS}`, await startLatencyMs(queue, backend), 'ms'),
    ];
    for (const concurrency of CONCURRENCIES) {
      const { askedPerSecond, donePerSecond } = await throughput(queue, backend, concurrency);
      if (concurrency === 1) figures.push(single(`queue on ${name}, asking, ${ASKERS} at once`, askedPerSecond, 'jobs/s'));
      figures.push(single(`queue on ${name}, empty jobs, ${concurrency} at once`, donePerSecond, 'jobs/s'));
    }
    return figures;
  } finally {
    await queue.close();
  }
}

async function startLatencyMs(queue: JobQueue, backend: QueueBackend): Promise<number> {
  let onStart = () => {};
  const worker = await startEmptyWorker(backend, 1, () => onStart());
  const timesMs: number[] = [];
  for (let job = 0; job < LONE_JOBS; job++) {
    const { promise: started, resolve } = Promise.withResolvers<void>();
    onStart = resolve;
    const startMs = performance.now();
    await queue.enqueue(emptyJob, { workId: `lone-${job}` });
    await started;
    timesMs.push(performance.now() - startMs);
    // The worker looks for its next job before another is asked for.
    await new Promise((resume) => setTimeout(resume, 20));
  }
  await worker.close(10_000);
  return timesMs.toSorted((one, other) => one - other)[Math.floor(LONE_JOBS / 2)] ?? Number.NaN;
}

/** All jobs are asked for before the first is done, so that neither waits for the other. */
async function throughput(queue: JobQueue, backend: QueueBackend, concurrency: number) {
  const workIds = Array.from({ length: JOBS }, (_, job) => `${concurrency}-${job}`);
  const askMs = performance.now();
  await Promise.all(Array.from({ length: ASKERS }, askForRest));
  const startMs = performance.now();

  let done = 0;
  const { promise: allDone, resolve } = Promise.withResolvers<void>();
  const worker = await startEmptyWorker(backend, concurrency, () => {
    done += 1;
    if (done === JOBS) resolve();
  });
  await allDone;
  const endMs = performance.now();
  await worker.close(10_000);
  return { askedPerSecond: (JOBS / (startMs - askMs)) * 1_000, donePerSecond: (JOBS / (endMs - startMs)) * 1_000 };

  async function askForRest(): Promise<void> {
    for (let workId = workIds.shift(); workId !== undefined; workId = workIds.shift()) await queue.enqueue(emptyJob, { workId });
  }
}

function startEmptyWorker(backend: QueueBackend, concurrency: number, onJob: () => void) {
  return startJobWorker({
    contract: emptyJob,
    backend,
    concurrency,
    reportError,
    processor: { process: async () => onJob(), abandon: () => Promise.resolve() },
  });
}

function single(name: string, value: number, unit: string): Figure {
  return { name, value, unit, reference: null, ratio: null };
}

/** Nothing is broken on purpose here, so whatever is reported is a fault of the measurement. */
function reportError(error: unknown): void {
  process.stderr.write(`${error}\n`);
}
