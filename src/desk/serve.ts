import type { Config } from '../config/config.ts';
import { secretsOf } from '../config/secrets.ts';
import { Refusal } from '../engine/refusal.ts';
import { createLog, type Log } from '../ops/log.ts';
import { runService } from './run-service.ts';
import { SERVICE_ROLES, type ServiceRole } from './service-roles.ts';

type Options = {
  readonly config: Config;
  /** Null is everything in one process. */
  readonly only: ServiceRole | null;
  readonly stderr: { readonly write: (text: string) => unknown; readonly isTTY?: boolean };
  /** How long what is on its way may take once the process is told to stop. */
  readonly drainMs?: number;
};

const DRAIN_MS = 25_000;
/** Closing what is left after the drain takes less; something that takes longer never ends. */
const CLOSE_MS = 10_000;
/** A gateway that was away when it was closed goes on looking for it, and would keep the process alive. */
const LINGER_MS = 1_000;
/** npm passes on the signal that the terminal has sent already: one press of Ctrl-C may arrive twice. */
const SAME_SIGNAL_MS = 500;

const ENDED = 0;
const BROKEN = 1;

/** Runs the desk in this process until a signal or the end of its connection to Discord. Returns the exit code. */
export async function serve({ config, only, stderr, drainMs = DRAIN_MS }: Options): Promise<number> {
  const roles = only === null ? SERVICE_ROLES : [only];
  const log = createLog({ role: roles.join('+'), level: config.logLevel, secrets: secretsOf(config), stream: stderr });
  tellAccidents(log);
  try {
    const { kind } = await runService({ config, roles, log, drainMs, signalled: waitForSignal(log, drainMs + CLOSE_MS) });
    const exitCode = kind === 'signal' ? ENDED : BROKEN;
    setTimeout(() => process.exit(exitCode), LINGER_MS).unref();
    return exitCode;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    log.error(error);
    return BROKEN;
  }
}

/** Resolves with the first signal. The second one, or taking too long after the first, ends the process at once. */
function waitForSignal(log: Log, limitMs: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let firstMs: number | null = null;
  const hear = (signal: string) => {
    const nowMs = performance.now();
    if (firstMs === null) {
      firstMs = nowMs;
      resolve(signal);
      setTimeout(() => endNow(log, `Stopping took longer than ${limitMs} ms; ending at once`), limitMs).unref();
    } else if (nowMs - firstMs > SAME_SIGNAL_MS) {
      endNow(log, `${signal} again; ending at once`);
    }
  };
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  return promise;
}

function endNow(log: Log, why: string): void {
  log.warn(why);
  process.exit(BROKEN);
}

/** What Node would print by itself, whole and with every secret in it. */
function tellAccidents(log: Log): void {
  process.on('uncaughtException', (error) => {
    log.error(error);
    process.exit(BROKEN);
  });
  process.removeAllListeners('warning');
  process.on('warning', (warning) => log.warn(warning.message, { warning }));
}
