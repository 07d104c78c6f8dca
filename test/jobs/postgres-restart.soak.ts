import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openBackend } from '../../src/jobs/open-backend.ts';
import type { QueueBackend } from '../../src/jobs/queue-backend.ts';
import { QueueUnavailable } from '../../src/jobs/queue-unavailable.ts';
import { type EmbeddedServer, openEmbeddedServer } from '../../src/store/embedded-server.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openPool, type Pool } from '../../src/store/pool.ts';
import { withRedis } from '../support/redis.ts';
import { describeOnBackends } from './with-backend.ts';
import { WAIT } from './with-jobs.ts';
import { holdWork, SWEEP, withRuns } from './with-runs.ts';

/** A database server that no other test shares, for it is stopped without a warning. */
describeOnBackends('a database server that stops at once', (kind) => {
  const redis = kind === 'redis' ? withRedis() : null;
  const servers: EmbeddedServer[] = [];
  let dataDir = '';
  let opened: { readonly databaseUrl: string; readonly pool: Pool; readonly backend: QueueBackend } | null = null;
  const get = () => {
    if (opened === null) throw new Error('The server is there inside tests and hooks, not before.');
    return opened;
  };
  const start = async () => {
    const server = await openEmbeddedServer({ dataDir });
    servers.push(server);
    return server.databaseUrl;
  };
  const stopAtOnce = async () => {
    const pid = Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(pid, 'SIGQUIT');
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(/ESRCH/), WAIT);
  };
  const runs = withRuns({
    backend: () => get().backend,
    get database() {
      return get();
    },
  });

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'scalpdesk-restart-'));
    const databaseUrl = await start();
    await migrate(databaseUrl);
    const backend = await openBackend({ databaseUrl, redisUrl: redis?.url ?? null, reportError: () => {} });
    opened = { databaseUrl, pool: openPool({ databaseUrl, applicationName: 'test', reportError: () => {} }), backend };
  });
  afterAll(async () => {
    await opened?.pool.end();
    for (const server of servers) await server.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('costs no run, and none ends twice', async () => {
    const queue = runs.openQueue();
    const { work, started, release } = holdWork();
    const ids = [await runs.writeRun(), await runs.writeRun()];
    await runs.startWorker(work);
    runs.startSweep(queue, SWEEP);
    for (const id of ids) await runs.enqueue(queue, id);
    await vi.waitFor(() => expect(started).toHaveLength(1), WAIT);

    await stopAtOnce();
    const asked = await runs.enqueue(queue, ids[0] ?? '').catch((error: unknown) => error);
    await start();
    release();
    for (const id of ids) await runs.reachesEnd(id);

    if (kind === 'postgres') expect(asked).toBeInstanceOf(QueueUnavailable);
    else expect(asked, 'Redis was there all the time').toBe(`backtest-${ids[0]}`);
    expect(runs.ended.toSorted()).toEqual(ids.toSorted());
  });
});
