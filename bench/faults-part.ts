import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export type Role = 'bot' | 'worker';

/** A process of the desk as it is started on any machine, and the power over it. */
export type DeskPart = {
  readonly start: () => Promise<void>;
  /** As the kernel kills: without a word, and without a chance to say one. */
  readonly kill: () => Promise<void>;
  /** Everything its processes have logged so far. */
  readonly log: () => string;
};

type Options = {
  readonly role: Role;
  readonly env: Readonly<Record<string, string>>;
  /** It ended although nobody killed it. */
  readonly onAccident: (what: string) => void;
};

const READY_WITHIN_MS = 60_000;

export function deskPart({ role, env, onAccident }: Options): DeskPart {
  let child: ChildProcess | null = null;
  let log = '';

  const start = async () => {
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
    const started = spawn(process.execPath, ['src/cli/main.ts', 'start', '--only', role], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    child = started;
    const logStart = log.length;
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('Scalpdesk is ready', logStart)) resolve();
    });
    started.once('exit', (code, signal) => {
      if (child !== started) return;
      onAccident(`the ${role} ended by itself (${code ?? signal})`);
      reject(new Error(`The ${role} did not start:\n${log.slice(logStart)}`));
    });
    const timer = setTimeout(() => reject(new Error(`The ${role} was not ready after ${READY_WITHIN_MS} ms`)), READY_WITHIN_MS);
    await ready.finally(() => clearTimeout(timer));
  };

  const kill = async () => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    child = null;
    await gone;
  };

  return { start, kill, log: () => log };
}
