import { randomUUID } from 'node:crypto';
import { afterEach, vi } from 'vitest';
import { backtestJob } from '../../src/jobs/backtest.job.ts';
import { type JobQueue, openJobQueue } from '../../src/jobs/job-queue.ts';
import { startJobWorker } from '../../src/jobs/job-worker.ts';
import { type Sweep, type SweepTiming, startSweep } from '../../src/jobs/sweep.ts';
import { insertRun, listUnfinishedRuns, markRunning, readOutcome, refuseRun } from '../../src/store/runs.ts';
import { transact } from '../../src/store/transaction.ts';
import type { TestBackend } from './with-backend.ts';
import { WAIT } from './with-jobs.ts';

const GUILD = 'local';

export const SWEEP: SweepTiming = { everyMs: 100, olderThanMs: 0 };
/** So seldom that only the first sweep and those after a reconnect happen. */
export const SELDOM: SweepTiming = { everyMs: 600_000, olderThanMs: 0 };

type Work = (runId: string, signal: AbortSignal) => Promise<void>;

/** Runs in the database, worked on by a stand-in for the engine: queue, workers and sweeps are closed after each test. */
export function withRuns(server: Pick<TestBackend, 'backend'> & { readonly database: Pick<TestBackend['database'], 'pool'> }) {
  const closing: (() => Promise<unknown>)[] = [];
  const errors: unknown[] = [];
  const ended: string[] = [];
  const reportError = (error: unknown) => void errors.push(error);
  const pool = () => server.database.pool;

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    errors.length = 0;
    ended.length = 0;
  });

  return {
    errors,
    /** The run of each end that was written down: one that is in it twice has ended twice. */
    ended,

    openQueue: (): JobQueue => {
      const queue = openJobQueue({ backend: server.backend(), reportError });
      closing.push(queue.close);
      return queue;
    },

    /** Writes a run down without asking for it. */
    writeRun: async (): Promise<string> => {
      const id = randomUUID();
      await transact(pool(), (tx) => insertRun(tx, { id, guildId: GUILD, channelId: null, requestedBy: null, request: {} }));
      return id;
    },

    enqueue: (queue: JobQueue, runId: string) => queue.enqueue(backtestJob, { runId, guildId: GUILD }),

    startWorker: async (work: Work) => {
      const worker = await startJobWorker({
        contract: backtestJob,
        backend: server.backend(),
        concurrency: 1,
        timing: { lockMs: 1_000, stalledCheckMs: 200, progressMs: 100 },
        reportError,
        processor: {
          process: async ({ runId }, { signal }) => {
            if (!(await transact(pool(), (tx) => markRunning(tx, runId)))) return;
            await work(runId, signal);
            if (await transact(pool(), (tx) => refuseRun(tx, { id: runId, reason: 'done' }))) ended.push(runId);
          },
          abandon: () => Promise.resolve(),
        },
      });
      closing.push(() => worker.close(0));
    },

    startSweep: (queue: JobQueue, timing: SweepTiming): Sweep => {
      const sweep = startSweep({
        contract: backtestJob,
        queue,
        listUnfinished: async (olderThanMs) =>
          (await listUnfinishedRuns(pool(), olderThanMs)).map(({ id, guildId }) => ({ runId: id, guildId })),
        setTimer: (work, delayMs) => {
          const timer = setTimeout(work, delayMs);
          return () => clearTimeout(timer);
        },
        reportError,
        timing,
      });
      closing.push(sweep.close);
      return sweep;
    },

    reachesEnd: (runId: string) =>
      vi.waitFor(async () => {
        const outcome = await readOutcome(pool(), runId);
        if (outcome?.state !== 'refused') throw new Error(`The run is ${outcome?.state}.`);
      }, WAIT),
  };
}

/** Work that goes on until it is told to end; it stops when it is aborted. */
export function holdWork() {
  const started: string[] = [];
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const work: Work = async (runId, signal) => {
    started.push(runId);
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => reject(new Error('aborted')));
    await Promise.race([released, aborted]);
  };
  return { started, work, release };
}
