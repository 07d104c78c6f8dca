import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Playground, startPlayground } from '../src/playground/playground.ts';
import { openEmbeddedServer } from '../src/store/embedded-server.ts';
import { openPool, type Pool } from '../src/store/pool.ts';
import { findPostmaster } from '../src/store/postmaster-pid.ts';
import { type DeskPart, deskPart } from './faults-part.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';

export const BACKENDS = ['postgres', 'redis'] as const;
export type Backend = (typeof BACKENDS)[number];

/** A whole desk of its own: the real processes and servers, and a local Discord in this process. */
export type Stand = {
  readonly playground: Playground;
  readonly pool: Pool;
  readonly bot: DeskPart;
  readonly worker: DeskPart;
  readonly database: Database;
  /** Null when the queue is kept in PostgreSQL. */
  readonly redis: RedisServer | null;
  /** What ended although no fault was to end it; nothing more is to be tried then. */
  readonly accidents: readonly string[];
};

export type Database = {
  readonly url: string;
  readonly start: () => Promise<void>;
  /** Ends at once, in the middle of whatever it does. */
  readonly stopAtOnce: () => Promise<void>;
};

/** What it opened is closed with the stack. */
export async function openStand(
  { backend, signal }: { readonly backend: Backend; readonly signal: AbortSignal },
  opened: AsyncDisposableStack,
): Promise<Stand> {
  const dir = await mkdtemp(join(tmpdir(), 'scalpdesk-faults-'));
  opened.defer(() => rm(dir, { recursive: true, force: true }));
  const database = await startDatabase(dir, opened);
  const redis = backend === 'redis' ? await startRedisServer(join(dir, 'redis')) : null;
  if (redis !== null) opened.defer(redis.kill);
  const pool = openPool({ databaseUrl: database.url, applicationName: 'faults', reportError: ignoreLostConnection });
  opened.defer(() => pool.end());
  const playground = await startPlayground({ rateLimits: 'off' });
  opened.defer(playground.close);

  const accidents: string[] = [];
  const env = environmentOf(playground, { databaseUrl: database.url, redisUrl: redis?.url ?? null });
  const onAccident = (what: string) => void accidents.push(what);
  signal.addEventListener('abort', () => onAccident('it was told to stop'), { once: true });
  const [worker, bot] = [deskPart({ role: 'worker', env, onAccident }), deskPart({ role: 'bot', env, onAccident })];
  opened.defer(worker.kill);
  opened.defer(bot.kill);
  await worker.start();
  await bot.start();
  return { playground, pool, bot, worker, database, redis, accidents };
}

async function startDatabase(dataDir: string, opened: AsyncDisposableStack): Promise<Database> {
  const start = async () => {
    const server = await openEmbeddedServer({ dataDir });
    opened.defer(server.close);
    return server.databaseUrl;
  };
  const url = await start();
  return {
    url,
    start: async () => {
      // Every process has the address; a server that came back at another would be another one.
      if ((await start()) !== url) throw new Error('The database came back at another address');
    },
    stopAtOnce: async () => {
      const clusterDir = join(dataDir, 'postgres');
      const postmaster = await findPostmaster(clusterDir);
      if (postmaster === null) throw new Error('The database does not run');
      process.kill(postmaster.pid, 'SIGQUIT');
      while ((await findPostmaster(clusterDir)) !== null) await sleep(5);
    },
  };
}

type Servers = { readonly databaseUrl: string; readonly redisUrl: string | null };

/** Nothing of ours leaks in; the exchange is a closed port, so that the market is the simulated one. */
function environmentOf({ token, restUrl, home }: Playground, { databaseUrl, redisUrl }: Servers): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return {
    PATH,
    HOME,
    DATABASE_URL: databaseUrl,
    ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
    DISCORD_TOKEN: token,
    DISCORD_API_URL: restUrl,
    DISCORD_GUILD_ID: home.guildId,
    EXCHANGE_BASE_URL: 'http://127.0.0.1:9',
  };
}

/** It is cut on purpose; the pool replaces it. */
function ignoreLostConnection(): void {}
