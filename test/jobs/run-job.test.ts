import { expect, it, vi } from 'vitest';
import { describeOnBackends } from './with-backend.ts';
import { type Process, WAIT, withJobs } from './with-jobs.ts';
import { workJob } from './work.job.ts';

describeOnBackends('one job', (kind) => {
  const jobs = withJobs(kind);

  it('tries a job again that failed, and tells of each failure', async () => {
    let runs = 0;
    await jobs.start(async () => {
      runs += 1;
      if (runs < 3) throw new Error(`broken ${runs}`);
    });

    await jobs.queue().enqueue(workJob, { workId: 'retried' });
    await jobs.reaches('work-retried', 'completed');

    expect(runs).toBe(3);
    expect(jobs.abandoned).toEqual([]);
    expect(jobs.errors).toMatchObject([{ cause: { message: 'broken 1' } }, { cause: { message: 'broken 2' } }]);
  });

  it('abandons a job once, after its last attempt and before the queue lets go of it', async () => {
    const states: (string | null)[] = [];
    const abandon: typeof jobs.abandon = async (payload, error) => {
      states.push(await jobs.stateOf('work-hopeless'));
      await jobs.abandon(payload, error);
    };
    await jobs.start(() => Promise.reject(new Error('broken')), { abandon });

    await jobs.queue().enqueue(workJob, { workId: 'hopeless' });
    await jobs.reaches('work-hopeless', 'failed');

    expect(jobs.abandoned).toEqual([{ workId: 'hopeless', error: new Error('broken') }]);
    expect(states).toEqual(['active']);
  });

  it('keeps a job that it cannot abandon', async () => {
    await jobs.start(() => Promise.reject(new Error('broken')), { abandon: () => Promise.reject(new Error('no database')) });

    await jobs.queue().enqueue(workJob, { workId: 'kept' });
    await vi.waitFor(() => expect(jobs.errors.at(-1)).toMatchObject({ cause: { message: 'no database' } }), WAIT);

    await jobs.reaches('work-kept', 'delayed');
  });

  it('abandons a job on which worker after worker has died', async () => {
    await jobs.queue().enqueue(workJob, { workId: 'deadly' });
    await jobs.setStalls('work-deadly', 11);
    const process = vi.fn<Process>();
    await jobs.start(process);

    await jobs.reaches('work-deadly', 'failed');

    expect(jobs.abandoned).toMatchObject([{ workId: 'deadly', error: { message: '11 workers have died on job work-deadly' } }]);
    expect(process).not.toHaveBeenCalled();
  });
});
