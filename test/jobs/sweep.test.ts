import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { backtestJob } from '../../src/jobs/backtest.job.ts';
import { startSweep } from '../../src/jobs/sweep.ts';
import { describeOnBackends, withBackend } from './with-backend.ts';
import { WAIT } from './with-jobs.ts';
import { holdWork, SWEEP, withRuns } from './with-runs.ts';

describeOnBackends('the sweep', (kind) => {
  const server = withBackend(kind, backtestJob.name);
  const runs = withRuns(server);
  const jobOf = (runId: string) => `backtest-${runId}`;

  it('makes the jobs again that an emptied queue has lost, and each run ends once', async () => {
    const queue = runs.openQueue();
    const { work, started, release } = holdWork();
    const running = await runs.writeRun();
    const waiting = await runs.writeRun();
    await runs.startWorker(work);
    await runs.enqueue(queue, running);
    await vi.waitFor(() => expect(started).toEqual([running]), WAIT);
    await runs.enqueue(queue, waiting);

    await server.empty();
    const lost = [await server.stateOf(jobOf(running)), await server.stateOf(jobOf(waiting))];
    runs.startSweep(queue, SWEEP);
    await vi.waitFor(async () => expect(await server.stateOf(jobOf(waiting))).not.toBeNull(), WAIT);
    release();
    await runs.reachesEnd(running);
    await runs.reachesEnd(waiting);
    await vi.waitFor(async () => expect(await server.stateOf(jobOf(running))).toBe('completed'), WAIT);

    expect(lost, 'the queue was really empty').toEqual([null, null]);
    expect(runs.ended.toSorted()).toEqual([running, waiting].toSorted());
  });

  it('asks for a run that was written down but never asked for', async () => {
    const run = await runs.writeRun();
    await runs.startWorker(() => Promise.resolve());

    runs.startSweep(runs.openQueue(), SWEEP);

    await runs.reachesEnd(run);
    expect(runs.ended).toEqual([run]);
  });

  it('leaves jobs alone that wait or run, however often and from however many processes it sweeps', async () => {
    const queue = runs.openQueue();
    const { work, started, release } = holdWork();
    const ids = [await runs.writeRun(), await runs.writeRun(), await runs.writeRun()];
    await runs.startWorker(work);
    for (let sweeper = 0; sweeper < 3; sweeper++) runs.startSweep(runs.openQueue(), { everyMs: 5, olderThanMs: 0 });
    await Promise.all(ids.map((id) => runs.enqueue(queue, id)));
    await vi.waitFor(() => expect(started).toHaveLength(1), WAIT);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const counts = await server.bull().getJobCounts('waiting', 'active');
    release();
    for (const id of ids) await runs.reachesEnd(id);

    expect(counts).toEqual({ waiting: 2, active: 1 });
    expect(started.toSorted(), 'each was worked on once').toEqual(ids.toSorted());
    expect(runs.errors).toEqual([]);
  });

  it('does not ask again for runs that have ended', async () => {
    const queue = runs.openQueue();
    const run = await runs.writeRun();
    await runs.startWorker(() => Promise.resolve());
    await runs.enqueue(queue, run);
    await vi.waitFor(async () => expect(await server.stateOf(jobOf(run))).toBe('completed'), WAIT);
    await server.forget(jobOf(run));

    const sweep = runs.startSweep(queue, SWEEP);
    const probe = await runs.writeRun();
    await runs.reachesEnd(probe);
    await sweep.close();

    expect(await server.stateOf(jobOf(run))).toBeNull();
    expect(runs.ended).toEqual([run, probe]);
  });

  it('does not ask again for a run that ends while it is looked for', async () => {
    const queue = runs.openQueue();
    const looks: string[][] = [];
    const runId = randomUUID();
    const sweep = startSweep({
      contract: backtestJob,
      queue,
      listUnfinished: async () => {
        looks.push(looks.length === 0 ? [runId] : []);
        return (looks.at(-1) ?? []).map((id) => ({ runId: id, guildId: 'local' }));
      },
      setTimer: () => () => {},
      reportError: (error) => runs.errors.push(error),
    });
    await vi.waitFor(() => expect(looks.length).toBeGreaterThan(1), WAIT);
    await sweep.close();

    expect(await server.stateOf(jobOf(runId))).toBeNull();
    expect(runs.errors).toEqual([]);
  });

  it('asks again for a run that is open although its job has ended', async () => {
    const queue = runs.openQueue();
    const run = await runs.writeRun();
    await runs.startWorker(() => Promise.resolve());
    await runs.enqueue(queue, run);
    await vi.waitFor(async () => expect(await server.stateOf(jobOf(run))).toBe('completed'), WAIT);
    await server.database.pool.query(`update runs set state = 'running', finished_at = null, error = null where id = $1`, [run]);

    runs.startSweep(queue, SWEEP);

    await runs.reachesEnd(run);
    expect(runs.ended).toEqual([run, run]);
  });
});
