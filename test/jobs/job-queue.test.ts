import { expect, it, vi } from 'vitest';
import { describeOnBackends } from './with-backend.ts';
import { WAIT, withJobs } from './with-jobs.ts';
import { workJob } from './work.job.ts';

describeOnBackends('the job queue', (kind) => {
  const jobs = withJobs(kind);

  it('makes one job of the same payload asked for many times', async () => {
    const asked = await Promise.all(Array.from({ length: 10 }, () => jobs.queue().enqueue(workJob, { workId: 'once' })));
    const done: string[] = [];
    await jobs.start(async ({ workId }) => void done.push(workId));
    await jobs.queue().enqueue(workJob, { workId: 'after' });
    await jobs.reaches('work-after', 'completed');

    expect(new Set(asked)).toEqual(new Set(['work-once']));
    expect(done, 'jobs are taken in order, so the second would have been done before').toEqual(['once', 'after']);
  });

  it('makes a job again that has ended and is kept', async () => {
    let runs = 0;
    await jobs.start(async ({ workId }) => {
      runs += 1;
      if (workId === 'fails' && runs <= 4) throw new Error('broken');
    });

    await jobs.queue().enqueue(workJob, { workId: 'ends' });
    await jobs.reaches('work-ends', 'completed');
    await jobs.queue().enqueue(workJob, { workId: 'fails' });
    await jobs.reaches('work-fails', 'failed');
    expect(runs).toBe(4);

    await jobs.queue().enqueue(workJob, { workId: 'ends' });
    await jobs.queue().enqueue(workJob, { workId: 'fails' });
    await jobs.reaches('work-fails', 'completed');
    expect(runs).toBe(6);
  });

  it('knows whether a job waits or runs', async () => {
    const running = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const isPending = () => jobs.queue().isPending(workJob, { workId: 'asked after' });

    const before = await isPending();
    await jobs.queue().enqueue(workJob, { workId: 'asked after' });
    const waiting = await isPending();
    await jobs.start(async () => {
      running.resolve();
      await ended.promise;
    });
    await running.promise;
    const active = await isPending();
    ended.resolve();
    await jobs.reaches('work-asked after', 'completed');

    expect({ before, waiting, active, after: await isPending() }).toEqual({ before: false, waiting: true, active: true, after: false });
  });

  it('refuses a payload that is not of the contract, and adds nothing', async () => {
    await expect(jobs.queue().enqueue(workJob, { workId: '' })).rejects.toThrow(/This is no payload of a work job:\n.*\n.*workId/);
    expect(await jobs.stateOf('work-')).toBeNull();
  });

  it('knows a worker from its start to its end, and for its own contract only', async () => {
    const before = await jobs.queue().hasLiveWorker(workJob);
    const worker = await jobs.start(() => Promise.resolve());
    const during = await jobs.queue().hasLiveWorker(workJob);
    const other = await jobs.queue().hasLiveWorker({ name: 'other' });
    await worker.close(0);
    await jobs.noWorkerIsLeft();

    expect({ before, during, other }).toEqual({ before: false, during: true, other: false });
  });

  it('brings progress seldom, but its last report always', async () => {
    const seen: unknown[] = [];
    const everything: unknown[] = [];
    const stop = await jobs.queue().onProgress(workJob, (progress) => seen.push(progress));
    await jobs.queue().onProgress(workJob, (progress) => everything.push(progress));
    await jobs.start(async ({ report }) => {
      for (let step = 0; step < 1_000; step++) report({ stage: 'running', fraction: step / 1_000 });
      report({ stage: 'saving', fraction: 1 });
    });
    const reportsOf = (jobId: string) => [
      { jobId, stage: 'running', fraction: 0 },
      { jobId, stage: 'saving', fraction: 1 },
    ];

    await jobs.queue().enqueue(workJob, { workId: 'told' });
    await vi.waitFor(() => expect(seen, 'a thousand reports in no time are two messages').toEqual(reportsOf('work-told')), WAIT);

    stop();
    await jobs.queue().enqueue(workJob, { workId: 'untold' });
    await vi.waitFor(() => expect(everything).toEqual([...reportsOf('work-told'), ...reportsOf('work-untold')]), WAIT);
    expect(seen, 'nobody listens here any more').toEqual(reportsOf('work-told'));
  });
});
