import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Refusal } from '../engine/refusal.ts';
import { findPassword, OWNER, prepareCluster } from './cluster.ts';
import { defaultDataDir, prepareDataDir } from './data-dir.ts';
import { tryLock, waitForLock } from './file-lock.ts';
import { startPostmaster, stopPostmaster, waitUntilReady } from './postmaster.ts';
import { type Account, findServerAccount } from './server-account.ts';
import { findBinaries, findShipped } from './server-binaries.ts';

export type EmbeddedServer = { readonly databaseUrl: string; readonly close: () => Promise<void> };

type Options = {
  /** Null is the usual place for whoever runs the program. */
  readonly dataDir: string | null;
  readonly xdgDataHome?: string | null;
  /** False gives up safety against a power cut for speed: for tests. */
  readonly durable?: boolean;
};

type Place = ReturnType<typeof layOut>;

const TURN_MS = 120_000;
const RETRY_MS = 200;
const START_ATTEMPTS = 50;
const DATABASE = 'scalpdesk';

/**
 * A PostgreSQL server of our own, shared by every process that opens the same data directory: the first one in starts it,
 * the last one out stops it. One that was left running after a crash is adopted by whoever comes next.
 */
export async function openEmbeddedServer({ dataDir, xdgDataHome = null, durable = true }: Options): Promise<EmbeddedServer> {
  const account = await findServerAccount();
  const directory = dataDir ?? defaultDataDir({ home: homedir(), xdgDataHome, isRoot: process.geteuid?.() === 0 });
  const place = layOut(await prepareDataDir(directory, account));
  await mkdir(place.locks, { recursive: true, mode: 0o700 });

  const presence = await takeTurn(place, async () => {
    // Only whoever has the turn ever wants this lock for itself alone.
    const lock = tryLock(place.presence, 'shared');
    if (lock === null) throw new Error(`${place.presence} is locked by a process that is not ours.`);
    try {
      return { lock, databaseUrl: await ensureServer({ place, account, durable }) };
    } catch (error) {
      lock.release();
      await stopIfAlone(place);
      throw error;
    }
  });

  const leave = () =>
    takeTurn(place, async () => {
      presence.lock.release();
      await stopIfAlone(place);
    });
  let left: Promise<void> | null = null;
  const close = () => {
    left ??= leave();
    return left;
  };
  return { databaseUrl: presence.databaseUrl, close };
}

function layOut(dataDir: string) {
  return {
    dataDir,
    clusterDir: join(dataDir, 'postgres'),
    locks: join(dataDir, 'locks'),
    turn: join(dataDir, 'locks', 'turn'),
    presence: join(dataDir, 'locks', 'presence'),
    password: join(dataDir, 'password'),
    port: join(dataDir, 'port'),
    log: join(dataDir, 'postgres.log'),
  };
}

/** One process at a time starts or stops the server. */
async function takeTurn<T>(place: Place, work: () => Promise<T>): Promise<T> {
  const lock = await waitForLock(place.turn, 'exclusive', TURN_MS);
  if (lock === null) {
    throw new Refusal(
      `Another process has been starting or stopping the database in "${place.dataDir}" for ${TURN_MS / 1_000} s. End that process and try again.`,
    );
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

async function stopIfAlone(place: Place): Promise<void> {
  const alone = tryLock(place.presence, 'exclusive');
  if (alone === null) return;
  try {
    await stopPostmaster(place.clusterDir);
  } finally {
    alone.release();
  }
}

type Wanted = { readonly place: Place; readonly account: Account; readonly durable: boolean };

async function ensureServer({ place, account, durable }: Wanted): Promise<string> {
  const password = await findPassword(place.password, place.clusterDir);
  const port = (await waitUntilReady(place.clusterDir)) ?? (await startServer({ place, account, durable }, password));

  const databaseUrl = (database: string) => `postgres://${OWNER}:${password}@127.0.0.1:${port}/${database}`;
  await createDatabase(databaseUrl('postgres'));
  return databaseUrl(DATABASE);
}

async function startServer({ place, account, durable }: Wanted, password: string): Promise<number> {
  const { clusterDir, dataDir, log: logFile } = place;
  const binDir = await findBinaries(await findShipped(), dataDir, account);
  await prepareCluster({ clusterDir, binDir, account, password, durable });

  // The port of last time, so that clients that outlived a crash of the server find the new one.
  let port = existsSync(place.port) ? Number(await readFile(place.port, 'utf8')) : await findFreePort();
  let failure: string | null = null;
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
    failure = await startPostmaster({ binDir, clusterDir, logFile, account, port, durable });
    if (failure === null) {
      await writeFile(place.port, String(port), { mode: 0o600 });
      return port;
    }
    if (/could not create any TCP\/IP sockets/.test(failure)) port = await findFreePort();
    // Children of a server that was killed end by themselves, but not at once.
    else if (/pre-existing shared memory block/.test(failure)) await sleep(RETRY_MS);
    // The server of a starter that was killed had not told its pid when we looked.
    else if (/lock file "postmaster.pid" already exists/.test(failure)) {
      const running = await waitUntilReady(clusterDir);
      if (running !== null) return running;
    } else break;
  }
  throw new Error(`The embedded database does not start. Its log, ${logFile}, says:\n${failure}`);
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

async function createDatabase(maintenanceUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: maintenanceUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}
