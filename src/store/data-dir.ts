import { existsSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { Refusal } from '../engine/refusal.ts';
import { type Account, runAs } from './server-account.ts';

const OTHERS_MAY_WRITE = 0o022;
const OTHERS_MAY_ENTER = 0o011;

type Home = { readonly home: string; readonly xdgDataHome: string | null; readonly isRoot: boolean };

/** Where the embedded server keeps its data unless told otherwise. Root's own home is closed to the account that runs the server. */
export function defaultDataDir({ home, xdgDataHome, isRoot }: Home): string {
  if (isRoot) return '/var/lib/scalpdesk';
  const base = xdgDataHome !== null && isAbsolute(xdgDataHome) ? xdgDataHome : join(home, '.local', 'share');
  return join(base, 'scalpdesk');
}

/**
 * Makes the directory, or checks that an existing one is ours alone to write, and that the account can enter it.
 * Returns its real path: two spellings of one directory must lead to one server.
 */
export async function prepareDataDir(dataDir: string, account: Account): Promise<string> {
  const wanted = resolve(dataDir);
  await makeDir(wanted);
  const path = await checkOwner(wanted);

  if (account.uid !== process.geteuid?.()) {
    await chmod(path, 0o700 | OTHERS_MAY_ENTER);
    await checkEntrance(path, account);
  }
  return path;
}

/** Makes a directory that belongs to the account alone. */
export async function makeAccountDir(path: string, { uid, gid }: Account): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  if (uid !== process.geteuid?.()) await chown(path, uid, gid);
}

async function makeDir(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EEXIST' && existsSync(path)) return;
    if (typeof code !== 'string') throw error;
    throw new Refusal(
      `The data directory "${path}" cannot be made (${code}). Set SCALPDESK_DATA_DIR to a directory you may write, or DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}

/** In a place where everybody may write, somebody else can have made the directory, or a link to another, before us. */
async function checkOwner(path: string): Promise<string> {
  const own = process.geteuid?.();
  const entry = await lstat(path);
  const directory = await lstat(await realpath(path));
  const linkIsOurs = !entry.isSymbolicLink() || entry.uid === own || entry.uid === 0;

  if (!linkIsOurs || !directory.isDirectory() || directory.uid !== own || (directory.mode & OTHERS_MAY_WRITE) !== 0) {
    throw new Refusal(
      `The data directory "${path}" is not a directory that belongs to you and that only you may write. Set SCALPDESK_DATA_DIR to another one, or make it yours with chown and chmod go-w.`,
    );
  }
  return realpath(path);
}

async function checkEntrance(path: string, account: Account): Promise<void> {
  try {
    await runAs(account, '/bin/sh', ['-c', 'cd "$1"', 'sh', path]);
  } catch (error) {
    // A number is how the shell ended; a name, that it could not even be started.
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (typeof code === 'string') {
      throw new Refusal(
        `The database cannot run as root, and root may not run it as "nobody" (uid ${account.uid}) here: ${code}. Start the program as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.`,
        { cause: error },
      );
    }
    throw new Refusal(
      `The data directory "${path}" is closed to the account "nobody" (uid ${account.uid}), which runs the database when root starts it. Set SCALPDESK_DATA_DIR to a directory whose parents everyone may enter, e.g. /var/lib/scalpdesk, or start the program as an ordinary user.`,
      { cause: error },
    );
  }
}
