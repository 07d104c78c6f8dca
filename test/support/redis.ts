import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';

export type TestRedis = {
  readonly url: string;
  /** For commands of the test itself. */
  readonly client: () => Redis;
  readonly signal: (signal: 'SIGSTOP' | 'SIGCONT') => void;
  /** Kills the server as a power cut would; what it has written down stays. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
};

/** Null when there is a redis-server; else why its tests cannot run. */
export const REDIS_MISSING = findMissing();

function findMissing(): string | null {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'there is no redis-server here; install it (Debian: apt-get install redis-server)';
  }
}

/** A Redis of its own, with a log of what it was told, for the tests of a file or of one `describe`: use it inside tests and hooks. */
export function withRedis(settings: Readonly<Record<string, string>> = {}): TestRedis {
  let dir = '';
  let port = 0;
  let server: ChildProcess | null = null;
  let client: Redis | null = null;

  const kill = async () => {
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  const start = async () => {
    const all = { bind: '127.0.0.1', port: String(port), dir, save: '', appendonly: 'yes', ...settings };
    const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
    server = spawn('redis-server', args, { stdio: 'ignore' });
    await open().ping();
  };
  const open = () => {
    client ??= new Redis(url(), { maxRetriesPerRequest: null, retryStrategy: () => 20 }).on('error', () => {});
    return client;
  };

  const url = () => {
    if (port === 0) throw new Error('Redis is there inside tests and hooks, not before.');
    return `redis://${settings.requirepass === undefined ? '' : `:${settings.requirepass}@`}127.0.0.1:${port}`;
  };

  beforeAll(async () => {
    if (REDIS_MISSING !== null) throw new Error(REDIS_MISSING);
    dir = await mkdtemp(join(tmpdir(), 'scalpdesk-redis-'));
    port = await findFreePort();
    await start();
  });

  afterAll(async () => {
    client?.disconnect();
    await kill();
    if (dir !== '') await rm(dir, { recursive: true, force: true });
  });

  return {
    get url() {
      return url();
    },
    client: open,
    signal: (signal) => void server?.kill(signal),
    kill,
    start,
  };
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}
