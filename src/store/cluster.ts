import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Refusal } from '../engine/refusal.ts';
import { makeAccountDir } from './data-dir.ts';
import { type Account, runAs } from './server-account.ts';

/** The one role of an embedded server, its owner. */
export const OWNER = 'scalpdesk';

export type Cluster = {
  readonly clusterDir: string;
  readonly binDir: string;
  readonly account: Account;
  readonly password: string;
  readonly durable: boolean;
};

/** The owner's password; made before the cluster, so that there is never a cluster without one. */
export async function findPassword(file: string, clusterDir: string): Promise<string> {
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim();
  if (existsSync(clusterDir)) {
    throw new Refusal(
      `The data in "${clusterDir}" are there, their password in "${file}" is not. Put that file back, or set SCALPDESK_DATA_DIR to a new directory.`,
    );
  }

  const password = randomBytes(24).toString('base64url');
  await writeFile(`${file}.new`, password, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return password;
}

/** Makes the cluster where there is none yet. It appears under its name when it is whole; the caller holds the lock. */
export async function prepareCluster(cluster: Cluster): Promise<void> {
  const { clusterDir, binDir, account } = cluster;
  if (existsSync(clusterDir)) {
    await checkVersion(clusterDir, binDir, account);
  } else {
    // An initdb whose starter was killed runs on, so every attempt has a name of its own.
    const growing = `${clusterDir}.new-${randomBytes(4).toString('hex')}`;
    await initialise(growing, cluster);
    await rename(growing, clusterDir);
  }
  await removeAbandoned(clusterDir);
}

async function initialise(directory: string, cluster: Cluster): Promise<void> {
  const { account } = cluster;
  const passwordFile = `${directory}.password`;
  await makeAccountDir(directory, account);
  await writeFile(passwordFile, cluster.password, { mode: 0o600, flag: 'wx' });
  if (account.uid !== process.geteuid?.()) await chown(passwordFile, account.uid, account.gid);
  try {
    await runInitdb(directory, passwordFile, cluster);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function removeAbandoned(clusterDir: string): Promise<void> {
  const dataDir = dirname(clusterDir);
  const abandoned = (await readdir(dataDir)).filter((name) => name.startsWith(`${basename(clusterDir)}.new-`));
  // The initdb of an abandoned one may still be adding files.
  for (const name of abandoned) await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

async function runInitdb(directory: string, passwordFile: string, { binDir, account, durable }: Cluster): Promise<void> {
  const options = [
    `--pgdata=${directory}`,
    `--username=${OWNER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
  try {
    await runAs(account, join(binDir, 'initdb'), options);
  } catch (error) {
    const reason = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new Refusal(`The embedded database could not be made: ${reason}. Set DATABASE_URL to a PostgreSQL of your own, or repair that.`, {
      cause: error,
    });
  }
}

/** A server reads only what its own major version wrote. */
async function checkVersion(clusterDir: string, binDir: string, account: Account): Promise<void> {
  const written = (await readFile(join(clusterDir, 'PG_VERSION'), 'utf8')).trim();
  const program = await runAs(account, join(binDir, 'postgres'), ['--version']);
  const major = /\d+/.exec(program)?.[0];
  if (written === major) return;
  throw new Refusal(
    `The data in "${clusterDir}" were written by PostgreSQL ${written}, this program brings ${program.trim()}. Use the release that wrote them, or set SCALPDESK_DATA_DIR to a new directory.`,
  );
}
