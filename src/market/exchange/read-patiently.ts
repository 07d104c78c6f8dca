import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '../../engine/refusal.ts';
import type { ErrorKind } from './exchange-module.ts';
import { type Answer, currentReading, type Reading, UnusableAnswer } from './read-answer.ts';

/** Time and chance, as the reads of an exchange need them. */
export type ReadPorts = {
  readonly nowMs: () => number;
  /** From 0 up to and without 1. */
  readonly random: () => number;
  readonly sleep: (durationMs: number, signal: AbortSignal) => Promise<void>;
};

export const systemReadPorts: ReadPorts = {
  nowMs: () => Date.now(),
  random: () => Math.random(),
  sleep: async (durationMs, signal) => {
    await sleep(durationMs, undefined, { signal });
  },
};

export type Patience = {
  readonly exchangeName: string;
  /** How long one read may go on failing; ms. */
  readonly patienceMs: number;
  readonly ports: ReadPorts;
  readonly errorKind: (error: unknown) => ErrorKind;
};

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * Repeats a read while the exchange fails in a way that may pass, waiting longer each time and as long as it asks for. Gives up with a
 * Refusal that says what it last answered; refuses at once what no other try would change.
 */
export async function readPatiently<T>(
  read: (reading: Reading) => Promise<T>,
  { exchangeName, patienceMs, ports, errorKind, signal }: Patience & { readonly signal: AbortSignal },
): Promise<T> {
  let failingSinceMs: number | null = null;
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted();
    const reading: Reading = { signal, answers: [] };
    const outcome = await readOnce(read, reading);
    if (outcome.kind === 'value') return outcome.value;
    signal.throwIfAborted();
    const { error } = outcome;
    const last = reading.answers.at(-1) ?? null;
    const kind = errorKind(error);
    // Without an answer, and not from ccxt: something of our own broke.
    if (kind === 'foreign' && last === null) throw error;

    const account = last?.account ?? `could not be asked (${error.message})`;
    // ccxt calls a server's fault written as JSON a lasting one, so the answer counts too; a foreign error is over a strange answer.
    if (kind === 'lasting' && last?.isPassing !== true) {
      throw new Refusal(`${exchangeName} refused to answer: it ${account}. Another symbol, timeframe or exchange may do.`, {
        cause: error,
      });
    }
    const nowMs = ports.nowMs();
    failingSinceMs ??= nowMs;
    const waitMs = Math.max(backoffMs(tries, ports.random()), ...reading.answers.map(({ retryAfterMs }) => retryAfterMs ?? 0));
    if (nowMs + waitMs - failingSinceMs > patienceMs) {
      throw new Refusal(
        `${exchangeName} gave no usable answer in ${tries} tries: it last ${account}${waitText(waitMs, last)}. Try again later, or use another exchange, a CSV file or the simulated market.`,
        { cause: error },
      );
    }
    await ports.sleep(waitMs, signal);
  }
}

type Outcome<T> = { readonly kind: 'value'; readonly value: T } | { readonly kind: 'error'; readonly error: Error };

async function readOnce<T>(read: (reading: Reading) => Promise<T>, reading: Reading): Promise<Outcome<T>> {
  try {
    const value = await currentReading.run(reading, () => untilAborted(read(reading), reading.signal));
    // ccxt swallows some failures and answers as if there were nothing, e.g. no perpetuals.
    const swallowed = reading.answers.find(({ isPassing }) => isPassing);
    if (swallowed === undefined) return { kind: 'value', value };
    return { kind: 'error', error: new UnusableAnswer(swallowed.account) };
  } catch (error) {
    return { kind: 'error', error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** A read may be waiting for its turn inside ccxt, where no signal reaches. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Doubles from half a second to a quarter of a minute, and anything down to half of that, so that many do not come back together. */
function backoffMs(tries: number, random: number): number {
  const longestMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
  return longestMs / 2 + (random * longestMs) / 2;
}

function waitText(waitMs: number, last: Answer | null): string {
  return last?.retryAfterMs === null || last === null ? '' : `, and asks to wait ${Math.ceil(waitMs / 1000)} s`;
}
