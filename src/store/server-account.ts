import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Refusal } from '../engine/refusal.ts';

/** The user and group under which PostgreSQL runs. */
export type Account = { readonly uid: number; readonly gid: number };

const NOBODY: Account = { uid: 65_534, gid: 65_534 };

/** PostgreSQL sees nothing of our environment: it needs none of it, and the secrets in it are not its business. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as const;

/** Our own account, or `nobody` when we are root: PostgreSQL refuses to run as root. */
export async function findServerAccount(): Promise<Account> {
  const { geteuid, getegid } = process;
  if (geteuid === undefined || getegid === undefined) {
    throw new Refusal(
      `The embedded database runs on Linux and macOS, this is ${process.platform}. Use WSL, or set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  if (geteuid() !== 0) return { uid: geteuid(), gid: getegid() };

  const entry = /^nobody:[^:]*:(\d+):(\d+):/m.exec(await readFile('/etc/passwd', 'utf8'));
  return entry === null ? NOBODY : { uid: Number(entry[1]), gid: Number(entry[2]) };
}

/** What `spawn` needs to run a program under the account; nothing when it is ours, for only root may change it. */
export function spawnOptions(account: Account) {
  // The directory we were started in may be closed to the account.
  const options = { cwd: '/', env: SERVER_ENVIRONMENT };
  return process.geteuid?.() === account.uid ? options : { ...options, uid: account.uid, gid: account.gid };
}

/** Runs a program to its end under the account; throws with what it wrote to stderr when it fails. */
export async function runAs(account: Account, program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { ...spawnOptions(account), encoding: 'utf8' });
  return stdout;
}
