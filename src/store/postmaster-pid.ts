import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** PostgreSQL's first process for one cluster, as its own pid file tells of it. */
export type Postmaster = { readonly pid: number; readonly port: number | null; readonly isReady: boolean };

/** Above every pid that can exist. */
const IMPOSSIBLE_PID = 2_147_483_647;

/** The server that runs on this cluster, or null: a pid left behind may belong to another program by now. */
export async function findPostmaster(clusterDir: string): Promise<Postmaster | null> {
  const lines = (await readIfThere(pidFile(clusterDir))).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !(await isServing(pid, clusterDir))) return null;

  const port = Number(lines[3]);
  return { pid, port: port > 0 ? port : null, isReady: lines[7]?.trim() === 'ready' };
}

/**
 * After a crash the pid in the file may have passed to another program, and the new server would refuse to start beside it.
 * The file itself must stay: the server finds in it whether children of the old one still run.
 */
export async function disownPid(clusterDir: string): Promise<void> {
  // The directory belongs to another account when we are root: never write through a link that was put there. A server that
  // starts meanwhile replaces the file; what is written through the handle of the old one is then lost, as it should be.
  const handle = await openIfThere(pidFile(clusterDir), constants.O_RDWR | constants.O_NOFOLLOW);
  if (handle === null) return;
  try {
    const [first, ...rest] = (await handle.readFile('utf8')).split('\n');
    const pid = Number(first);
    if (!(pid > 0) || (await isServing(pid, clusterDir))) return;
    await handle.truncate();
    await handle.write([IMPOSSIBLE_PID, ...rest].join('\n'), 0);
  } finally {
    await handle.close();
  }
}

/** The first process keeps the command line it was started with; its children change theirs. */
export async function isServing(pid: number, clusterDir: string): Promise<boolean> {
  const command = await (process.platform === 'linux' ? readCommandLine(pid) : askForCommand(pid));
  return command.includes(`-D ${clusterDir} -c `);
}

async function readCommandLine(pid: number): Promise<string> {
  return (await readIfThere(`/proc/${pid}/cmdline`)).replaceAll('\0', ' ');
}

/** Empty when there is no such file; asking first would leave time for it to go. */
async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isGone(error)) return '';
    throw error;
  }
}

/** A process that ends while its file is being read says so in its own way. */
const isGone = (error: unknown) => error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');

async function askForCommand(pid: number): Promise<string> {
  // ps fails when there is no such process.
  return promisify(execFile)('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

const pidFile = (clusterDir: string) => join(clusterDir, 'postmaster.pid');

async function openIfThere(file: string, flags: number): Promise<FileHandle | null> {
  try {
    return await open(file, flags);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}
