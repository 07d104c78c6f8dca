import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { type JobQueue, openJobQueue } from '../../src/jobs/job-queue.ts';
import { type JobWorker, startJobWorker, type WorkerTiming } from '../../src/jobs/job-worker.ts';
import type { JobContext, JobProcessor } from '../../src/jobs/run-job.ts';
import { type BackendKind, type TestBackend, withBackend } from './with-backend.ts';
import { workJob } from './work.job.ts';

export type Process = (context: JobContext & { readonly workId: string }) => Promise<void>;
type Abandon = JobProcessor<{ workId: string }>['abandon'];

export const WAIT = { timeout: 15_000, interval: 20 };
/** Times so long that nothing in a test happens because one of them has passed. */
export const PATIENT: WorkerTiming = { lockMs: 60_000, stalledCheckMs: 60_000, progressMs: 100 };

export type Jobs = TestBackend & {
  readonly queue: () => JobQueue;
  /** What was reported since the test began. */
  readonly errors: unknown[];
  readonly abandoned: { readonly workId: string; readonly error: unknown }[];
  readonly abandon: Abandon;
  readonly start: (process: Process, options?: { readonly timing?: WorkerTiming; readonly abandon?: Abandon }) => Promise<JobWorker>;
  /** Starts a process whose worker takes one job and never ends it. */
  readonly startStuckProcess: () => Promise<{ readonly taken: string; readonly kill: () => void }>;
  readonly reaches: (jobId: string, state: string) => Promise<void>;
  readonly noWorkerIsLeft: () => Promise<void>;
};

/** A queue of its own for the tests of a file, and workers that each test leaves behind as it likes. */
export function withJobs(kind: BackendKind): Jobs {
  const server = withBackend(kind);
  const errors: unknown[] = [];
  const abandoned: { readonly workId: string; readonly error: unknown }[] = [];
  const workers: JobWorker[] = [];
  const children: ChildProcess[] = [];
  let opened: JobQueue | null = null;

  const reportError = (error: unknown) => void errors.push(error);
  const queue = () => {
    if (opened === null) throw new Error('The queue is there inside tests and hooks, not before.');
    return opened;
  };
  const abandon: Abandon = async ({ workId }, error) => void abandoned.push({ workId, error });
  const noWorkerIsLeft = () => vi.waitFor(async () => expect(await queue().hasLiveWorker(workJob)).toBe(false), WAIT);

  beforeAll(() => {
    opened = openJobQueue({ backend: server.backend(), reportError });
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await Promise.all(workers.splice(0).map((worker) => worker.close(0)));
    await noWorkerIsLeft();
    errors.length = 0;
    abandoned.length = 0;
  });

  afterAll(() => opened?.close());

  return {
    ...server,
    queue,
    errors,
    abandoned,
    abandon,
    noWorkerIsLeft,
    reaches: (jobId, state) => vi.waitFor(async () => expect(await server.stateOf(jobId)).toBe(state), WAIT),

    start: async (process, { timing = PATIENT, abandon: abandonWith = abandon } = {}) => {
      const processor: JobProcessor<{ workId: string }> = {
        process: ({ workId }, context) => process({ ...context, workId }),
        abandon: abandonWith,
      };
      const worker = await startJobWorker({
        contract: workJob,
        backend: server.backend(),
        concurrency: 1,
        timing,
        processor,
        reportError,
      });
      workers.push(worker);
      return worker;
    },

    startStuckProcess: async () => {
      const script = fileURLToPath(new URL('./stuck-worker.ts', import.meta.url));
      const child = spawn(process.execPath, [script, server.database.databaseUrl, server.redisUrl() ?? ''], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      const [taken] = await once(child.stdout.setEncoding('utf8'), 'data');
      return { taken: String(taken).trim(), kill: () => void child.kill('SIGKILL') };
    },
  };
}
