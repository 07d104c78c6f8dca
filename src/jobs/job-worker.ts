import { type IQueueBackend, type Job, Worker } from 'bullmq';
import type { z } from 'zod';
import { withoutCommand } from './driver-error.ts';
import { forgetErrors } from './forget-errors.ts';
import type { JobContract } from './job.ts';
import type { QueueBackend } from './queue-backend.ts';
import { type JobProcessor, runJob } from './run-job.ts';
import { settlesWithin } from './settles-within.ts';

export type JobWorker = {
  /**
   * Takes no further job and waits for the running ones. Those that are not done in time are aborted and go back to the queue, for
   * another worker to take at once.
   */
  readonly close: (deadlineMs: number) => Promise<void>;
};

type Options<Payload extends z.ZodType> = {
  readonly contract: JobContract<Payload>;
  readonly processor: JobProcessor<z.infer<Payload>>;
  readonly backend: QueueBackend;
  /** Jobs at once. */
  readonly concurrency: number;
  readonly reportError: (error: unknown) => void;
  readonly timing?: WorkerTiming;
};

/** A job whose worker was killed is taken by another after at most one lock and two looks for stalled jobs. */
export type WorkerTiming = {
  readonly lockMs: number;
  readonly stalledCheckMs: number;
  /** Between two reports of progress. */
  readonly progressMs: number;
};

const TIMING: WorkerTiming = { lockMs: 15_000, stalledCheckMs: 5_000, progressMs: 500 };
const RECONNECT_MS = 1_000;
const READY_MS = 2_000;

/** BullMQ's own limit ends a job without asking its processor, which would leave its work open; `runJob` counts instead. */
const UNLIMITED_STALLS = 2_147_483_647;

/**
 * Works on the jobs of one contract until it is closed. It is alive for `hasLiveWorker` once the promise resolves, unless the
 * server of the queue does not answer: then it begins when that is back.
 */
export async function startJobWorker<Payload extends z.ZodType>(options: Options<Payload>): Promise<JobWorker> {
  const { contract, backend, concurrency, timing = TIMING } = options;
  const reportError = (error: unknown) => options.reportError(withoutCommand(error));
  const work = { ...options, reportError, progressMs: timing.progressMs };
  // BullMQ makes a signal only for functions that name a third argument.
  const run = async (job: Job, token?: string, signal?: AbortSignal) => {
    if (signal === undefined) throw new Error('BullMQ made no signal for the job.');
    await runJob(work, job, { token, signal });
  };
  const settings = {
    connection: {},
    autorun: false,
    concurrency,
    lockDuration: timing.lockMs,
    stalledInterval: timing.stalledCheckMs,
    maxStalledCount: UNLIMITED_STALLS,
    runRetryDelay: RECONNECT_MS,
  };
  const worker = new Worker(contract.name, run, settings, backend.working);
  worker.on('error', reportError);
  worker.on('lockRenewalFailed', (jobIds) => {
    for (const jobId of jobIds) worker.cancelJob(jobId, 'another worker has the job');
  });

  try {
    await settlesWithin(worker.waitUntilReady(), READY_MS);
  } catch (error) {
    await worker.close(true);
    throw error;
  }
  worker.run().catch(reportError);

  let closed: Promise<void> | null = null;
  return {
    close: (deadlineMs) => {
      closed ??= closeWorker({ worker, deadlineMs, reportError }).finally(() => forgetErrors(worker));
      return closed;
    },
  };
}

type Closing = {
  readonly worker: Pick<Worker, 'pause' | 'cancelAllJobs' | 'close'> & { getBackend(): Pick<IQueueBackend, 'disconnectBlocking'> };
  readonly deadlineMs: number;
  readonly reportError: (error: unknown) => void;
};

/** How long aborted jobs may take to stop. */
const ABORT_MS = 2_000;

async function closeWorker({ worker, deadlineMs, reportError }: Closing): Promise<void> {
  // BullMQ's polite close cannot be cut short, and its forced one lets the locks of running jobs expire; pausing does neither.
  const paused = worker.pause();
  try {
    if (await settlesWithin(paused, deadlineMs)) return;
    worker.cancelAllJobs('the worker is closing');
    if (await settlesWithin(paused, ABORT_MS)) return;
    // When the last job ends after all, BullMQ opens the connection again on which it waits for jobs.
    paused.finally(() => worker.getBackend().disconnectBlocking(false)).catch(reportError);
  } finally {
    await worker.close(true);
  }
}
