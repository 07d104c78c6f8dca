import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';

/** A Redis of our own on loopback, which writes down what it is told. */
export type RedisServer = {
  readonly url: string;
  readonly start: () => Promise<void>;
  /** What it has written down stays. */
  readonly kill: () => Promise<void>;
  readonly empty: () => Promise<void>;
};

/** Null when there is a redis-server; else why nothing can be run on it. */
export function findRedisMissing(): string | null {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'there is no redis-server here; install it (Debian: apt-get install redis-server)';
  }
}

export async function startRedisServer(dir: string): Promise<RedisServer> {
  await mkdir(dir, { recursive: true });
  const port = await findFreePort();
  const url = `redis://127.0.0.1:${port}`;
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, '--save', '', '--appendonly', 'yes'];
  let server: ChildProcess | null = null;

  const start = async () => {
    server = spawn('redis-server', args, { stdio: 'ignore' });
    await once(server, 'spawn');
    await ask(url, (redis) => redis.ping());
  };
  const kill = async () => {
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  await start();
  return { url, start, kill, empty: () => ask(url, (redis) => redis.flushall()) };
}

/** Waits until the server is there. */
async function ask(url: string, question: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
  // Every attempt that comes too early is an error; the one that does not is the answer.
  redis.on('error', () => {});
  try {
    await question(redis);
  } finally {
    redis.disconnect();
  }
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system gave no port');
  return address.port;
}
