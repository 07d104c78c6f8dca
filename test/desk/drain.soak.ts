import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { NOTHING_ASKED, resolveBacktestRequest } from '../../src/commands/backtest-request.ts';
import { parseConfig } from '../../src/config/config.ts';
import { openDesk } from '../../src/desk/open-desk.ts';
import { submitRun } from '../../src/desk/submit-run.ts';
import { NOTHING_SET } from '../../src/engine/guild-view.ts';
import { LOCAL_GUILD } from '../../src/engine/run-spec.ts';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { STRATEGIES } from '../../src/strategist/strategy.ts';
import { type TestDatabase, withDatabase } from '../support/database.ts';
import { REDIS_MISSING, withRedis } from '../support/redis.ts';
import { type Service, startService } from './start-service.ts';

const WAIT = { timeout: 20_000, interval: 20 };
const START = ['src/cli/main.ts', 'start'];
const WORKER = [...START, '--only', 'worker'];
const DRAIN_AT_ONCE = ['test/desk/service.ts', '0'];

/** From when to the first of October 2025: a second of work, or several. */
const SHORT = '2025-04-01';
const LONG = '2023-04-01';

describe.each(['postgres', 'redis'] as const)('a desk that is told to stop, jobs on %s', (kind) => {
  if (kind === 'redis' && REDIS_MISSING !== null && process.env.CI !== 'true') {
    it.skip(`is not tested: ${REDIS_MISSING}`, () => {});
    return;
  }
  const database = withDatabase();
  const redis = kind === 'redis' ? withRedis() : null;
  const closing: (() => Promise<unknown>)[] = [];
  let env: Record<string, string> = {};

  beforeAll(() => {
    env = { DATABASE_URL: database.databaseUrl, ...(redis === null ? {} : { REDIS_URL: redis.url }) };
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const start = async (args: readonly string[], more: Record<string, string> = {}): Promise<Service> => {
    const service = await startService(args, { ...env, ...more });
    closing.push(async () => service.child.kill('SIGKILL'));
    await service.waitUntilReady();
    return service;
  };
  const stateOf = (runId: string) => readState(database, runId);
  const reaches = (runId: string, state: string) => vi.waitFor(async () => expect(await stateOf(runId)).toBe(state), WAIT);
  /** The locks that workers hold on jobs. */
  const countLocks = async () => {
    if (redis !== null) return (await redis.client().keys('*:lock')).length;
    const { rowCount } = await database.pool.query('select from bullmq.job where lock_token is not null');
    return rowCount;
  };

  const countConnections = async () => {
    const { rowCount } = await database.pool.query(
      `select from pg_stat_activity where datname = current_database() and application_name like 'scalpdesk%'`,
    );
    return rowCount;
  };

  it('is not ready from that moment on, finishes its run, holds no lock and no connection, and ends well', async () => {
    const service = await start(WORKER);
    const runId = await submit(env, SHORT);
    await reaches(runId, 'running');
    expect(await countLocks(), 'the run is worked on').toBe(1);

    service.child.kill('SIGTERM');
    const stopping = await vi.waitFor(async () => {
      const readiness = await service.readiness();
      expect(readiness?.status).not.toBe(200);
      return readiness;
    }, WAIT);
    const { exitCode } = await service.ended();

    expect(stopping).toMatchObject({ status: 503, state: 'stopping' });
    expect(exitCode).toBe(0);
    expect(await stateOf(runId)).toBe('done');
    expect(await countLocks()).toBe(0);
    expect(service.lines()).toMatchObject([
      { level: 'info', role: 'worker', message: 'Scalpdesk is ready' },
      { level: 'info', role: 'worker', message: 'Stopping: SIGTERM' },
    ]);
    expect(await countConnections(), 'nothing of it is left in the database').toBe(0);
  });

  if (redis !== null) {
    it('is not ready while the queue is away, names it, and is again when it is back', async () => {
      const service = await start(WORKER);

      await redis.kill();
      const away = await service.readiness();
      await redis.start();

      expect(away).toEqual({ status: 503, state: 'not ready', parts: { database: 'ready', queue: 'not ready' } });
      await service.waitUntilReady();
    });
  }

  it('gives back what does not end in time, and another does it at once', async () => {
    const service = await start(DRAIN_AT_ONCE);
    const runId = await submit(env, SHORT);
    await reaches(runId, 'running');

    service.child.kill('SIGTERM');
    const { exitCode } = await service.ended();

    expect(exitCode).toBe(0);
    expect(await stateOf(runId), 'its end is not written down').toBe('running');
    expect(await countLocks()).toBe(0);

    const next = await start(WORKER);
    await reaches(runId, 'done');
    const metrics = await next.metrics();
    expect(metrics).toContain('scalpdesk_runs_total{state="done"} 1');
    expect(metrics).toContain('scalpdesk_queue_work{kind="run",state="running"} 0');
    expect(metrics).toMatch(/^nodejs_eventloop_lag_seconds /m);
  });
});

describe('scalpdesk start', () => {
  const database = withDatabase();
  const discordOf = (playground: Playground) => ({
    DATABASE_URL: database.databaseUrl,
    DISCORD_TOKEN: playground.token,
    DISCORD_API_URL: playground.restUrl,
    DISCORD_GUILD_ID: playground.home.guildId,
  });
  let folder = '';
  let service: Service | null = null;

  afterEach(async () => {
    service?.child.kill('SIGKILL');
    if (folder !== '') await rm(folder, { recursive: true, force: true });
    folder = '';
  });

  it('ends at once when it is told again', async () => {
    const env = { DATABASE_URL: database.databaseUrl };
    service = await startService(WORKER, env);
    await service.waitUntilReady();
    const runId = await submit(env, LONG);
    await vi.waitFor(async () => expect(await readState(database, runId)).toBe('running'), WAIT);

    service.child.kill('SIGTERM');
    await vi.waitFor(async () => expect(await service?.readiness()).toMatchObject({ state: 'stopping' }), WAIT);
    // What comes at once after the first is the first again, passed on by npm.
    await sleep(600);
    service.child.kill('SIGTERM');
    const { exitCode } = await service.ended();

    expect({ exitCode, state: await readState(database, runId) }).toEqual({ exitCode: 1, state: 'running' });
    expect(service.lines().at(-1)).toMatchObject({ level: 'warn', message: 'SIGTERM again; ending at once' });
    await database.pool.query('delete from runs');
  });

  it('stops the database it started, as the last one out', async () => {
    folder = await mkdtemp(join(tmpdir(), 'scalpdesk-start-'));
    await chmod(folder, 0o755);
    service = await startService(WORKER, { SCALPDESK_DATA_DIR: join(folder, 'data') });
    await service.waitUntilReady();
    const postmaster = join(folder, 'data', 'postgres', 'postmaster.pid');
    expect(existsSync(postmaster)).toBe(true);

    service.child.kill('SIGINT');

    expect((await service.ended()).exitCode).toBe(0);
    expect(existsSync(postmaster)).toBe(false);
  });

  it('ends well and soon while Discord is away', async () => {
    const playground = await startPlayground();
    service = await startService([...START, '--only', 'bot'], discordOf(playground));
    await service.waitUntilReady();
    await playground.close();

    service.child.kill('SIGTERM');
    const { exitCode, tookMs } = await service.ended();

    expect(exitCode).toBe(0);
    expect(tookMs).toBeLessThan(10_000);
  });

  it('brings a result that ends while it stops to the channel once, in this life or the next', async () => {
    const playground = await startPlayground();
    const env = discordOf(playground);
    const channel = playground.channel(playground.home.channelId);
    const results = () => channel.messages.filter(({ answers, attachments }) => answers === null && attachments.length > 0);
    service = await startService(START, env);
    await service.waitUntilReady();
    expect(await service.readiness()).toMatchObject({ parts: { database: 'ready', queue: 'ready', discord: 'ready' } });
    await playground.slash({ command: 'backtest', options: { preset: 'scalper-5m', days: 365 } });
    await vi.waitFor(async () => {
      const { rowCount } = await database.pool.query(`select from runs where state = 'running'`);
      expect(rowCount).toBe(1);
    }, WAIT);

    service.child.kill('SIGTERM');
    expect((await service.ended()).exitCode).toBe(0);
    service = await startService(START, env);
    await vi.waitFor(() => expect(results()).toHaveLength(1), WAIT);
    service.child.kill('SIGTERM');
    const { exitCode } = await service.ended();
    await playground.close();

    expect(exitCode).toBe(0);
    expect(results()).toHaveLength(1);
    const { rows } = await database.pool.query('select state from outbox');
    expect(rows).toEqual([{ state: 'sent' }]);
  });
});

/** Asks for a run as the terminal does. */
async function submit(env: Readonly<Record<string, string>>, start: string): Promise<string> {
  const asked = resolveBacktestRequest(
    { ...NOTHING_ASKED, preset: 'scalper-5m', seed: 1, start, end: '2025-10-01' },
    { requestedAtMs: Date.UTC(2025, 9, 1), guild: NOTHING_SET, strategyIds: STRATEGIES.map(({ id }) => id), exchange: 'coinbase' },
  );
  const desk = await openDesk(parseConfig(env), (error) => expect.fail(String(error)));
  try {
    return (await submitRun(desk, asked, { guildId: LOCAL_GUILD, channelId: null, userId: null, reply: null })).runId;
  } finally {
    await desk.close();
  }
}

async function readState({ pool }: TestDatabase, runId: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ state: string }>('select state from runs where id = $1', [runId]);
  return rows[0]?.state;
}
