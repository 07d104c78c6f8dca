import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DAY_MS } from '../src/engine/bar.ts';
import { runSpecSchema } from '../src/engine/run-spec.ts';
import { backtestJob } from '../src/jobs/backtest.job.ts';
import { openJobQueue } from '../src/jobs/job-queue.ts';
import { openBackend } from '../src/jobs/open-backend.ts';
import { createRandom } from '../src/market/random.ts';
import { openEmbeddedServer } from '../src/store/embedded-server.ts';
import { migrate } from '../src/store/migrate.ts';
import { openPool, type Pool } from '../src/store/pool.ts';
import { insertRun } from '../src/store/runs.ts';
import { transact } from '../src/store/transaction.ts';

/** Kills the worker at random moments of a backtest: every run must end once, with the same result and one message about it. */
const { values } = parseArgs({ options: { kills: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } } });
const kills = Number(values.kills);

const GUILD = 'bench';
const DAYS = 60;
const START_MS = Date.UTC(2024, 0, 1);
const GIVE_UP_MS = 60_000;
const request = runSpecSchema.parse({
  preset: null,
  symbols: ['BTC-USD'],
  timeframes: ['1m'],
  window: { kind: 'days', days: DAYS },
  candleSource: { kind: 'simulated', seed: 7 },
  instrument: 'perpetual',
  exchange: 'coinbase',
  settings: {},
  strategyId: 'aggressive_active',
  plan: null,
  requestedAtMs: START_MS + DAYS * DAY_MS,
});

const dir = await mkdtemp(join(tmpdir(), 'scalpdesk-kill-worker-'));
const children: ChildProcess[] = [];
const server = await openEmbeddedServer({ dataDir: dir });
try {
  const { databaseUrl } = server;
  await migrate(databaseUrl);
  const pool = openPool({ databaseUrl, applicationName: 'kill-worker', reportError: report });
  for (const redisUrl of [null, await startRedis()]) await killWorkers({ databaseUrl, redisUrl, pool });
  await pool.end();
} finally {
  for (const child of children) child.kill('SIGKILL');
  await server.close();
  await rm(dir, { recursive: true, force: true });
}

type Place = { readonly databaseUrl: string; readonly redisUrl: string | null; readonly pool: Pool };

async function killWorkers({ databaseUrl, redisUrl, pool }: Place): Promise<void> {
  const { uniform } = createRandom(Number(values.seed), kills);
  const queue = openJobQueue({ backend: await openBackend({ databaseUrl, redisUrl, reportError: report }), reportError: report });
  const ask = async () => {
    const id = randomUUID();
    await transact(pool, (tx) => insertRun(tx, { id, guildId: GUILD, channelId: 'bench', requestedBy: null, request }));
    await queue.enqueue(backtestJob, { runId: id, guildId: GUILD });
    return id;
  };

  let worker = await startWorker(databaseUrl, redisUrl);
  // The first run fetches the candles; the second is as long as all that follow.
  await waitForEnd(pool, await ask());
  const startedMs = performance.now();
  const reference = await waitForEnd(pool, await ask());
  const runMs = performance.now() - startedMs;

  const ids: string[] = [];
  let hits = 0;
  let slowestMs = 0;
  while (hits < kills) {
    const id = await ask();
    ids.push(id);
    await sleep(uniform() * runMs);
    worker.kill('SIGKILL');
    if ((await readState(pool, id)) !== 'done') hits += 1;
    const next = startWorker(databaseUrl, redisUrl);
    const killedMs = performance.now();
    const hash = await waitForEnd(pool, id);
    slowestMs = Math.max(slowestMs, performance.now() - killedMs);
    if (hash !== reference) throw new Error(`Kill ${ids.length}: the result is ${hash}, without a kill it is ${reference}`);
    worker = await next;
  }
  worker.kill('SIGKILL');
  await queue.close();

  const { rows } = await pool.query<{ messages: number }>(
    `select count(outbox.id)::int as messages
       from runs left join outbox on outbox.run_id = runs.id
      where runs.id = any($1)
      group by runs.id`,
    [ids],
  );
  if (rows.length !== ids.length || rows.some(({ messages }) => messages !== 1))
    throw new Error('A run has not exactly one message about its end');
  const name = redisUrl === null ? 'PostgreSQL' : 'Redis';
  process.stdout.write(
    `${name}: ${hits} kills within runs of ${Math.round(runMs)} ms and ${ids.length - hits} after, one result ${reference}, ` +
      `one message each; the slowest was done ${Math.round(slowestMs)} ms after its worker was killed\n`,
  );
}

async function startWorker(databaseUrl: string, redisUrl: string | null): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('./kill-worker.worker.ts', import.meta.url));
  const child = spawn(process.execPath, [script, databaseUrl, redisUrl ?? ''], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

async function startRedis(): Promise<string> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port');
  const place = join(dir, 'redis');
  await mkdir(place);
  const args = ['--bind', '127.0.0.1', '--port', String(address.port), '--dir', place, '--save', '', '--appendonly', 'yes'];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  children.push(child);
  await once(child, 'spawn');
  return `redis://127.0.0.1:${address.port}`;
}

async function waitForEnd(pool: Pool, id: string): Promise<string> {
  const deadlineMs = performance.now() + GIVE_UP_MS;
  while (performance.now() < deadlineMs) {
    const { rows } = await pool.query<{ state: string; result_hash: string | null; error: string | null }>(
      'select state, result_hash, error from runs where id = $1',
      [id],
    );
    const run = rows[0];
    if (run?.state === 'done' && run.result_hash !== null) return run.result_hash;
    if (run?.state === 'failed' || run?.state === 'refused') throw new Error(`Run ${id} is ${run.state}: ${run.error}`);
    await sleep(20);
  }
  throw new Error(`Run ${id} has not ended after ${GIVE_UP_MS} ms`);
}

async function readState(pool: Pool, id: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ state: string }>('select state from runs where id = $1', [id]);
  return rows[0]?.state;
}

function report(error: unknown): void {
  process.stderr.write(`${error}\n`);
}
