import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { NO_EXCHANGE } from '../support/no-exchange.ts';
import { findFreePort } from '../support/redis.ts';

export type Readiness = { readonly status: number; readonly state: string; readonly parts: Readonly<Record<string, string>> };

export type Service = {
  readonly child: ChildProcess;
  /** Everything it has logged. */
  readonly lines: () => readonly Readonly<Record<string, unknown>>[];
  /** Null when nothing answers. */
  readonly readiness: () => Promise<Readiness | null>;
  readonly metrics: () => Promise<string>;
  readonly waitUntilReady: () => Promise<void>;
  /** Waits for the end; how long it took from the call, and the exit code. */
  readonly ended: () => Promise<{ readonly exitCode: number | null; readonly tookMs: number }>;
};

const POLL_MS = 50;
const READY_MS = 20_000;

/** The desk in a process of its own, watched over HTTP as an operator would. */
export async function startService(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Service> {
  const port = await findFreePort();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...COMPILE_CACHE, EXCHANGE_BASE_URL: NO_EXCHANGE, ...env, HTTP_PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });

  const readiness = async (): Promise<Readiness | null> => {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/readyz`);
      return { status: response.status, ...((await response.json()) as Omit<Readiness, 'status'>) };
    } catch {
      return null;
    }
  };
  return {
    child,
    lines: () =>
      stderr
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    readiness,
    metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    waitUntilReady: async () => {
      const deadlineMs = performance.now() + READY_MS;
      while ((await readiness())?.status !== 200) {
        if (child.exitCode !== null || performance.now() > deadlineMs) throw new Error(`The service does not become ready:\n${stderr}`);
        await sleep(POLL_MS);
      }
    },
    ended: async () => {
      const calledMs = performance.now();
      await exited;
      return { exitCode: child.exitCode, tookMs: performance.now() - calledMs };
    },
  };
}
