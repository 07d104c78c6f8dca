import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Playground, startPlayground } from '../src/playground/playground.ts';
import { openEmbeddedServer } from '../src/store/embedded-server.ts';
import { migrate } from '../src/store/migrate.ts';
import { openPool, type Pool } from '../src/store/pool.ts';

const PATIENCE_MS = 60_000;

/** A database that goes away with what was opened. */
export async function openBenchDatabase(opened: AsyncDisposableStack): Promise<{ readonly databaseUrl: string; readonly pool: Pool }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'scalpdesk-bench-'));
  opened.defer(() => rm(dataDir, { recursive: true }));
  const { databaseUrl, close } = await openEmbeddedServer({ dataDir });
  opened.defer(close);
  await migrate(databaseUrl);
  const pool = openPool({ databaseUrl, applicationName: 'bench', reportError: () => {} });
  opened.defer(() => pool.end());
  return { databaseUrl, pool };
}

/** The desk as a group runs it: bot and worker in a process of their own, the local Discord in this one. */
export async function startBenchDesk(opened: AsyncDisposableStack, databaseUrl: string): Promise<Playground> {
  const playground = await startPlayground({ rateLimits: 'off' });
  opened.defer(playground.close);
  const desk = spawnDesk(playground, databaseUrl);
  opened.defer(() => stop(desk));
  await waitUntilRegistered(playground);
  return playground;
}

/** The value below which that share of them lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function spawnDesk(playground: Playground, databaseUrl: string): ChildProcess {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    DATABASE_URL: databaseUrl,
    DISCORD_TOKEN: playground.token,
    DISCORD_API_URL: playground.restUrl,
    DISCORD_GUILD_ID: playground.home.guildId,
    EXCHANGE_BASE_URL: 'http://127.0.0.1:9',
    LOG_LEVEL: 'error',
  };
  return spawn(process.execPath, ['src/cli/main.ts', 'start'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await ended;
}

async function waitUntilRegistered(playground: Playground): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (playground.commands(playground.home.guildId).length === 0) {
    if (performance.now() > deadlineMs) throw new Error('The bot did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
