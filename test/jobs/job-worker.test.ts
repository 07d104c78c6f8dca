import { expect, it, vi } from 'vitest';
import { startJobWorker } from '../../src/jobs/job-worker.ts';
import { postgresBackend } from '../../src/jobs/queue-backend.ts';
import { describeOnBackends } from './with-backend.ts';
import { PATIENT, WAIT, withJobs } from './with-jobs.ts';
import { workJob } from './work.job.ts';

describeOnBackends('a job worker', (kind) => {
  const jobs = withJobs(kind);

  it('finishes a job whose worker was killed', async () => {
    await jobs.queue().enqueue(workJob, { workId: 'orphan' });
    const { taken, kill } = await jobs.startStuckProcess();
    const alive = await jobs.queue().hasLiveWorker(workJob);
    kill();
    await vi.waitFor(async () => expect(await jobs.queue().hasLiveWorker(workJob), 'a killed worker is not alive').toBe(false), WAIT);
    const done: string[] = [];
    await jobs.start(async ({ workId }) => void done.push(workId), { timing: { ...PATIENT, stalledCheckMs: 200 } });

    await jobs.reaches('work-orphan', 'completed');

    expect(taken).toBe('orphan');
    expect(alive, 'the worker of another process is seen').toBe(true);
    expect(done).toEqual(['orphan']);
    expect(jobs.abandoned).toEqual([]);
  });

  it('stops a job that another worker has taken over, and leaves it alone', async () => {
    const running = Promise.withResolvers<void>();
    await jobs.start(
      async ({ workId, signal }) => {
        if (workId === 'next') return;
        running.resolve();
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
      },
      { timing: { ...PATIENT, lockMs: 500 } },
    );
    await jobs.queue().enqueue(workJob, { workId: 'lost' });
    await running.promise;
    await jobs.stealLock('work-lost');
    await jobs.queue().enqueue(workJob, { workId: 'next' });

    await jobs.reaches('work-next', 'completed');

    expect(await jobs.stateOf('work-lost')).toBe('active');
    expect(jobs.abandoned).toEqual([]);
    await jobs.forget('work-lost');
  });

  it.runIf(kind === 'postgres')('does not start on a database without the tables of the queue', async () => {
    const url = new URL(jobs.database.databaseUrl);
    url.pathname = '/postgres';
    const processor = { process: () => Promise.resolve(), abandon: () => Promise.resolve() };
    const backend = postgresBackend(url.href);

    const started = startJobWorker({
      contract: workJob,
      backend,
      concurrency: 1,
      processor,
      reportError: (error) => jobs.errors.push(error),
    });

    await expect(started).rejects.toThrow(/not initialized/);
  });

  it('goes on after its connections were cut', async () => {
    const done: string[] = [];
    await jobs.start(async ({ workId }) => void done.push(workId));
    await jobs.cutConnections();

    await vi.waitFor(() => jobs.queue().enqueue(workJob, { workId: 'later' }), WAIT);
    await jobs.reaches('work-later', 'completed');

    expect(done).toEqual(['later']);
    expect(jobs.errors.length, 'the cut was told of').toBeGreaterThan(0);
    expect(jobs.errors.length, 'and not over and over').toBeLessThan(20);
  });

  it('lets the running job end and takes no other', async () => {
    const running = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const worker = await jobs.start(async () => {
      running.resolve();
      await ended.promise;
    });
    await jobs.queue().enqueue(workJob, { workId: 'running' });
    await running.promise;
    await jobs.queue().enqueue(workJob, { workId: 'waiting' });

    const closed = worker.close(10_000);
    ended.resolve();
    await closed;

    expect(await jobs.stateOf('work-running')).toBe('completed');
    expect(await jobs.stateOf('work-waiting')).toBe('waiting');

    await jobs.start(() => Promise.resolve());
    await jobs.reaches('work-waiting', 'completed');
  });

  it('hands a job back that is not done in time, without counting it as an attempt', async () => {
    const running = Promise.withResolvers<void>();
    const worker = await jobs.start(async ({ signal }) => {
      running.resolve();
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    });
    await jobs.queue().enqueue(workJob, { workId: 'long' });
    await running.promise;

    await worker.close(50);

    expect(await jobs.stateOf('work-long'), 'nobody has to wait for the lock to expire').toBe('waiting');
    await jobs.start(() => Promise.resolve());
    await jobs.reaches('work-long', 'completed');
    expect(await jobs.bull().getJob('work-long')).toMatchObject({ attemptsMade: 1 });
    expect(jobs.abandoned).toEqual([]);
    expect(jobs.errors).toEqual([]);
  });

  it('does not wait for a job that does not stop when it is aborted', async () => {
    const running = Promise.withResolvers<void>();
    const stubborn = Promise.withResolvers<void>();
    const worker = await jobs.start(async () => {
      running.resolve();
      await stubborn.promise;
    });
    await jobs.queue().enqueue(workJob, { workId: 'stubborn' });
    await running.promise;

    await worker.close(0);
    const left = await jobs.stateOf('work-stubborn');
    stubborn.resolve();
    // Long enough for a connection that BullMQ might open again.
    await new Promise((resolve) => setTimeout(resolve, 200));

    expect(left, 'another worker takes it when its lock has expired').toBe('active');
    expect(await jobs.queue().hasLiveWorker(workJob)).toBe(false);
    await jobs.forget('work-stubborn');
  });
});
