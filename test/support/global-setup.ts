import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type FileLock, tryLock } from '../../src/store/file-lock.ts';
import { stopPostmaster } from '../../src/store/postmaster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the tests of this run share one database server; the first that needs it starts it. */
    readonly databaseDir: string;
  }
}

const PREFIX = 'scalpdesk-test-';
const MINUTE_MS = 60_000;

/** Gives the run a directory for its database server, and takes both away at its end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepInterruptedRuns();
  const dir = await mkdtemp(join(tmpdir(), PREFIX));
  const lock = lockRun(dir);
  if (lock === null) throw new Error(`${dir} is in use by another run of the tests.`);
  project.provide('databaseDir', dir);

  return async () => {
    await remove(dir);
    lock.release();
  };
}

const lockRun = (dir: string): FileLock | null => tryLock(join(dir, 'run'), 'exclusive');

/** A run that was killed leaves its server running; nobody else would ever stop it. */
async function sweepInterruptedRuns(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  for (const dir of names.map((name) => join(tmpdir(), name))) {
    if (!(await isOldAndOurs(dir))) continue;
    const lock = lockRun(dir);
    if (lock === null) continue;
    await remove(dir);
    lock.release();
  }
}

/** A directory without the file of the lock, or of this minute, may be one that another run is just making. */
async function isOldAndOurs(dir: string): Promise<boolean> {
  const { uid, mtimeMs } = await stat(dir);
  return uid === process.geteuid?.() && Date.now() - mtimeMs > MINUTE_MS && existsSync(join(dir, 'run'));
}

async function remove(dir: string): Promise<void> {
  await stopPostmaster(join(dir, 'postgres'));
  await rm(dir, { recursive: true, force: true });
}
