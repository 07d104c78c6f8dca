import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { disownPid, findPostmaster, isServing } from './postmaster-pid.ts';
import { type Account, spawnOptions } from './server-account.ts';

export type Start = {
  readonly binDir: string;
  readonly clusterDir: string;
  readonly logFile: string;
  readonly account: Account;
  readonly port: number;
  readonly durable: boolean;
};

const POLL_MS = 15;
const LOG_BYTES = 1_000_000;
const READY_MS = 60_000;
const FAST_STOP_MS = 60_000;
const IMMEDIATE_STOP_MS = 10_000;

/** Sized for a desk on one machine that starts often and lives briefly; TCP with a password is the only door. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  max_connections: '100',
  shared_buffers: '32MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  io_method: 'sync',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  huge_pages: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // The text of a failed statement may hold what people wrote.
  log_min_error_statement: 'panic',
} as const;

const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } as const;

/** Waits until the server that runs on this cluster accepts connections; null when there is none, or it goes away instead. */
export async function waitUntilReady(clusterDir: string): Promise<number | null> {
  const deadlineMs = performance.now() + READY_MS;
  while (performance.now() < deadlineMs) {
    const postmaster = await findPostmaster(clusterDir);
    if (postmaster === null) return null;
    if (postmaster.isReady && postmaster.port !== null) return postmaster.port;
    await sleep(POLL_MS);
  }
  throw new Error(`The database server in ${clusterDir} was not ready after ${READY_MS / 1_000} s.`);
}

/** Starts a server and waits until it accepts connections. Returns null then, and otherwise what it wrote before it gave up. */
export async function startPostmaster({ binDir, clusterDir, logFile, account, port, durable }: Start): Promise<string | null> {
  await disownPid(clusterDir);

  const settings = { ...SETTINGS, ...(durable ? {} : NOT_DURABLE), port };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = await open(logFile, 'a', 0o600);
  if ((await log.stat()).size > LOG_BYTES) await log.truncate();
  const { size: logStart } = await log.stat();

  try {
    // A session of its own, so that Ctrl-C in a client's terminal does not reach it; unref, so that it keeps no client alive.
    const child = spawn(join(binDir, 'postgres'), ['-D', clusterDir, ...options], {
      ...spawnOptions(account),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    child.unref();
    await once(child, 'spawn');

    const deadlineMs = performance.now() + READY_MS;
    while (child.exitCode === null && child.signalCode === null && performance.now() < deadlineMs) {
      const postmaster = await findPostmaster(clusterDir);
      if (postmaster?.pid === child.pid && postmaster?.isReady) return null;
      await sleep(POLL_MS);
    }
    child.kill('SIGQUIT');
  } finally {
    await log.close();
  }
  return readFrom(logFile, logStart);
}

/** Stops the server of a cluster and waits until it is gone. Sessions still open are ended, what they had not committed is rolled back. */
export async function stopPostmaster(clusterDir: string): Promise<void> {
  const postmaster = await findPostmaster(clusterDir);
  if (postmaster === null) return;

  process.kill(postmaster.pid, 'SIGINT');
  if (await waitUntilGone(postmaster.pid, clusterDir, FAST_STOP_MS)) return;
  process.kill(postmaster.pid, 'SIGQUIT');
  if (await waitUntilGone(postmaster.pid, clusterDir, IMMEDIATE_STOP_MS)) return;
  throw new Error(`The database server in ${clusterDir} (pid ${postmaster.pid}) does not stop.`);
}

async function waitUntilGone(pid: number, clusterDir: string, waitMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + waitMs;
  while (await isServing(pid, clusterDir)) {
    if (performance.now() > deadlineMs) return false;
    await sleep(POLL_MS);
  }
  return true;
}

async function readFrom(file: string, start: number): Promise<string> {
  const { size } = await stat(file);
  const handle = await open(file);
  try {
    const { buffer } = await handle.read({ buffer: Buffer.alloc(size - start), position: start });
    return buffer.toString('utf8').trim();
  } finally {
    await handle.close();
  }
}
