import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/** A lock on a file, held by this process until it is released. */
export type FileLock = { readonly release: () => void };

type LockKind = 'shared' | 'exclusive';

const POLL_MS = 20;
const SQLITE_BUSY = 5;

/** A connection that is collected as garbage would give up its lock unasked. */
const held = new Set<DatabaseSync>();

/**
 * Locks a file without waiting; null when somebody else's lock is in the way, be it another process or another part of this one.
 *
 * The kernel holds the lock and drops it however the process ends, so nothing is ever left stuck and no process id has to be
 * trusted. Node has no flock; SQLite's locks on its database file are the kernel locks it ships with, on every platform.
 */
export function tryLock(file: string, kind: LockKind): FileLock | null {
  const database = new DatabaseSync(file);
  try {
    database.exec(kind === 'exclusive' ? 'begin exclusive' : 'begin');
    // A transaction takes its shared lock with its first read.
    if (kind === 'shared') database.prepare('select count(*) from sqlite_schema').get();
  } catch (error) {
    database.close();
    if (isBusy(error)) return null;
    throw error;
  }

  held.add(database);
  const release = () => {
    if (held.delete(database)) database.close();
  };
  return { release };
}

/** Waits for a lock; null when it was not to be had in that time. */
export async function waitForLock(file: string, kind: LockKind, waitMs: number): Promise<FileLock | null> {
  const deadlineMs = performance.now() + waitMs;
  for (;;) {
    const lock = tryLock(file, kind);
    if (lock !== null || performance.now() > deadlineMs) return lock;
    await sleep(POLL_MS);
  }
}

const isBusy = (error: unknown) => error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
