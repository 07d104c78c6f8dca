import { inspect } from 'node:util';
import { expect, it, vi } from 'vitest';
import { Refusal } from '../../src/engine/refusal.ts';
import { backtestJob } from '../../src/jobs/backtest.job.ts';
import { openJobQueue } from '../../src/jobs/job-queue.ts';
import { startJobWorker } from '../../src/jobs/job-worker.ts';
import { openBackend } from '../../src/jobs/open-backend.ts';
import { QueueUnavailable } from '../../src/jobs/queue-unavailable.ts';
import { redisBackend } from '../../src/jobs/redis-backend.ts';
import { withDatabase } from '../support/database.ts';
import { findFreePort, withRedis } from '../support/redis.ts';
import { describeOnRedis, withBackend } from './with-backend.ts';
import { WAIT } from './with-jobs.ts';
import { holdWork, SELDOM, withRuns } from './with-runs.ts';
import { workJob } from './work.job.ts';

const noProcessor = { process: () => Promise.resolve(), abandon: () => Promise.resolve() };

/** How long the work took to fail, and with what. */
async function failureOf(work: () => Promise<unknown>): Promise<{ readonly error: unknown; readonly tookMs: number }> {
  const startedMs = performance.now();
  const error = await work().then(
    () => null,
    (reason: unknown) => reason,
  );
  return { error, tookMs: performance.now() - startedMs };
}

describeOnRedis('a Redis that goes away', () => {
  const server = withBackend('redis', backtestJob.name);
  const runs = withRuns(server);
  const redis = () => {
    if (server.redis === null) throw new Error('These tests run on Redis.');
    return server.redis;
  };

  it('keeps the running and the waiting job over a power cut, and each run ends once', async () => {
    const queue = runs.openQueue();
    const { work, started, release } = holdWork();
    const ids = [await runs.writeRun(), await runs.writeRun()];
    await runs.startWorker(work);
    for (const id of ids) await runs.enqueue(queue, id);
    await vi.waitFor(() => expect(started).toHaveLength(1), WAIT);

    await redis().kill();
    await redis().start();
    release();
    for (const id of ids) await runs.reachesEnd(id);

    expect(runs.ended).toEqual(ids);
    await vi.waitFor(async () => expect(await server.bull().getJobCounts('waiting', 'active')).toEqual({ waiting: 0, active: 0 }), WAIT);
  });

  it('refuses to ask while it is away, and sweeps what was written down as soon as it is back, even empty', async () => {
    const queue = runs.openQueue();
    await runs.startWorker(() => Promise.resolve());
    runs.startSweep(queue, SELDOM);
    expect(await queue.hasLiveWorker(backtestJob)).toBe(true);
    await redis().client().config('SET', 'appendonly', 'no');
    await redis().client().flushall();
    await redis().kill();

    const run = await runs.writeRun();
    const { error, tookMs } = await failureOf(() => runs.enqueue(queue, run));
    const asked = await failureOf(() => queue.hasLiveWorker(backtestJob));
    await redis().start();
    await runs.reachesEnd(run);

    expect(error).toBeInstanceOf(QueueUnavailable);
    expect(error, 'commands show it as it is written').toBeInstanceOf(Refusal);
    expect(error).toHaveProperty('message', 'The queue is unavailable at the moment. Wait a few seconds and try again.');
    expect(asked.error).toBeInstanceOf(QueueUnavailable);
    expect(tookMs).toBeLessThan(3_000);
    expect(runs.ended).toEqual([run]);
  });

  it('refuses in time when it hangs, and ends the run once when it goes on', async () => {
    const queue = runs.openQueue();
    const run = await runs.writeRun();
    await runs.startWorker(() => Promise.resolve());
    expect(await queue.hasLiveWorker(backtestJob)).toBe(true);

    redis().signal('SIGSTOP');
    const { error, tookMs } = await failureOf(() => runs.enqueue(queue, run));
    redis().signal('SIGCONT');
    runs.startSweep(queue, SELDOM);
    await runs.reachesEnd(run);

    expect(error).toBeInstanceOf(QueueUnavailable);
    expect(tookMs).toBeLessThan(3_000);
    expect(runs.ended).toEqual([run]);
  });

  it('refuses when it is full, says why in the log, and ends the run once when there is room again', async () => {
    const queue = runs.openQueue();
    await runs.startWorker(() => Promise.resolve());
    const run = await runs.writeRun();

    await redis().client().config('SET', 'maxmemory', '1');
    const { error } = await failureOf(() => runs.enqueue(queue, run));
    const reported = inspect(runs.errors);
    await redis().client().config('SET', 'maxmemory', '0');
    runs.startSweep(queue, SELDOM);
    await runs.reachesEnd(run);

    expect(error).toBeInstanceOf(QueueUnavailable);
    expect(reported).toContain('OOM command not allowed');
    expect(runs.ended).toEqual([run]);
  });

  it('does not keep a worker from starting, who begins when it is back', async () => {
    const run = await runs.writeRun();
    await redis().kill();

    await runs.startWorker(() => Promise.resolve());
    await redis().start();
    const queue = runs.openQueue();
    await runs.enqueue(queue, run);
    await runs.reachesEnd(run);

    expect(runs.ended).toEqual([run]);
    await vi.waitFor(async () => expect(await queue.hasLiveWorker(backtestJob)).toBe(true), WAIT);
  });

  it('holds up nobody who closes meanwhile', async () => {
    const queue = openJobQueue({ backend: server.backend(), reportError: () => {} });
    await queue.onProgress(backtestJob, () => {});
    const { work, started } = holdWork();
    const processor = { process: () => work('held', new AbortController().signal), abandon: () => Promise.resolve() };
    const worker = await startJobWorker({
      contract: backtestJob,
      backend: server.backend(),
      concurrency: 1,
      processor,
      reportError: () => {},
    });
    await runs.enqueue(queue, await runs.writeRun());
    await vi.waitFor(() => expect(started).toHaveLength(1), WAIT);

    await redis().kill();
    const { tookMs } = await failureOf(() => Promise.all([queue.close(), worker.close(100)]));
    await redis().start();

    expect(tookMs).toBeLessThan(4_000);
  });

  it('keeps the jobs and workers of two desks apart', async () => {
    const errors: unknown[] = [];
    const reportError = (error: unknown) => void errors.push(error);
    const [one, other] = ['one', 'other'].map((desk) => redisBackend({ redisUrl: redis().url, desk }));
    if (one === undefined || other === undefined) throw new Error('There are two desks.');
    const queues = [one, other].map((backend) => openJobQueue({ backend, reportError }));
    const worker = await startJobWorker({ contract: workJob, backend: one, concurrency: 1, processor: noProcessor, reportError });

    const alive = await Promise.all(queues.map((queue) => queue.hasLiveWorker(workJob)));
    await queues[1]?.enqueue(workJob, { workId: 'of the other' });
    const pending = await Promise.all(queues.map((queue) => queue.isPending(workJob, { workId: 'of the other' })));
    await worker.close(1_000);
    await Promise.all(queues.map((queue) => queue.close()));

    expect({ alive, pending }).toEqual({ alive: [true, false], pending: [false, true] });
    expect(errors).toEqual([]);
  });
});

describeOnRedis('a Redis that is not there from the start', () => {
  const database = withDatabase();

  it('is told of, refused in time, and lets itself be closed', async () => {
    const errors: unknown[] = [];
    const reportError = (error: unknown) => void errors.push(error);
    const redisUrl = `redis://127.0.0.1:${await findFreePort()}`;

    const backend = await openBackend({ databaseUrl: database.databaseUrl, redisUrl, reportError });
    const queue = openJobQueue({ backend, reportError });
    const [{ error, tookMs }, listening] = await Promise.all([
      failureOf(() => queue.enqueue(workJob, { workId: 'one' })),
      failureOf(() => queue.onProgress(workJob, () => {})),
    ]);
    await queue.close();

    expect(errors[0]).toHaveProperty('message', expect.stringContaining('Redis does not answer'));
    expect(error).toBeInstanceOf(QueueUnavailable);
    expect(listening.error).toBeInstanceOf(QueueUnavailable);
    expect(tookMs).toBeLessThan(3_000);
  });
});

describeOnRedis('a Redis with a password', () => {
  const redis = withRedis({ requirepass: 'swordfish', 'maxmemory-policy': 'allkeys-lru' });
  const database = withDatabase();

  it('never has the password in what is reported or thrown', async () => {
    const seen: unknown[] = [];
    const reportError = (error: unknown) => void seen.push(error);
    const redisUrl = redis.url.replace('swordfish', 'hunter2');

    const backend = await openBackend({ databaseUrl: database.databaseUrl, redisUrl, reportError });
    const queue = openJobQueue({ backend, reportError });
    const [{ error }, worker] = await Promise.all([
      failureOf(() => queue.enqueue(workJob, { workId: 'one' })),
      startJobWorker({ contract: workJob, backend, concurrency: 1, processor: noProcessor, reportError }),
    ]);
    seen.push(error);
    await Promise.all([queue.close(), worker.close(0)]);

    expect(seen.length, 'each connection tells of each attempt').toBeGreaterThan(6);
    const told = inspect(seen, { depth: 10, showHidden: true });
    expect(told).toContain('WRONGPASS');
    expect(told).not.toContain('hunter2');
  });

  it('is warned of when it may throw jobs away', async () => {
    const errors: unknown[] = [];

    await openBackend({
      databaseUrl: database.databaseUrl,
      redisUrl: redis.url,
      reportError: (error) => errors.push(error),
    });

    expect(errors).toEqual([
      new Error('Redis may throw jobs away when its memory is full: maxmemory-policy is allkeys-lru; set it to noeviction'),
    ]);
  });
});
