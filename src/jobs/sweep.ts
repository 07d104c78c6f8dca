import type { z } from 'zod';
import type { JobContract } from './job.ts';
import type { JobQueue } from './job-queue.ts';

export type Sweep = {
  /** Waits for a sweep that is under way. */
  readonly close: () => Promise<void>;
};

type Options<Payload extends z.ZodType> = {
  readonly contract: JobContract<Payload>;
  readonly queue: Pick<JobQueue, 'enqueue' | 'isPending' | 'onConnect'>;
  /** The payloads of all work that was asked for at least so long ago and has not ended. */
  readonly listUnfinished: (olderThanMs: number) => Promise<readonly z.input<Payload>[]>;
  /** Calls once after the delay; the returned function prevents it. */
  readonly setTimer: (work: () => void, delayMs: number) => () => void;
  /** Told when sweeping begins to fail, and not again until it has worked. */
  readonly reportError: (error: unknown) => void;
  readonly timing?: SweepTiming;
};

export type SweepTiming = {
  /** Between two sweeps. */
  readonly everyMs: number;
  /** Younger work is left to whoever is just asking for it. */
  readonly olderThanMs: number;
};

const TIMING: SweepTiming = { everyMs: 5_000, olderThanMs: 3_000 };

/**
 * Makes again what an emptied queue has lost: every few seconds, and at once when the queue is back after it was away. The
 * database knows what is unfinished, the queue only who works on it. Any number of processes may sweep.
 */
export function startSweep<Payload extends z.ZodType>(options: Options<Payload>): Sweep {
  const { contract, queue, setTimer, reportError, timing = TIMING } = options;
  let running: Promise<void> | null = null;
  let again = false;
  let closed = false;
  let failing = false;
  let cancelTimer = () => {};

  const attempt = async () => {
    try {
      await sweep(options, timing.olderThanMs);
      failing = false;
    } catch (error) {
      if (!failing) reportError(new Error('Lost jobs cannot be looked for', { cause: error }));
      failing = true;
    }
  };
  const run = async () => {
    do {
      again = false;
      await attempt();
    } while (again && !closed);
    running = null;
    if (!closed) cancelTimer = setTimer(start, timing.everyMs);
  };
  const start = () => {
    cancelTimer();
    if (running === null) running = run();
    else again = true;
  };
  const stopListening = queue.onConnect(contract, start);
  start();

  return {
    close: async () => {
      closed = true;
      stopListening();
      cancelTimer();
      await running;
    },
  };
}

async function sweep<Payload extends z.ZodType>({ contract, queue, listUnfinished }: Options<Payload>, olderThanMs: number): Promise<void> {
  const missing = new Set<string>();
  for (const payload of await listUnfinished(olderThanMs)) {
    if (!(await queue.isPending(contract, payload))) missing.add(idOf(contract, payload));
  }
  if (missing.size === 0) return;
  // A job ends after its work is written down as ended. So whatever is unfinished now and had no job before is lost, and not just done.
  for (const payload of await listUnfinished(olderThanMs)) {
    if (missing.has(idOf(contract, payload))) await queue.enqueue(contract, payload);
  }
}

const idOf = <Payload extends z.ZodType>({ payload: schema, id }: JobContract<Payload>, payload: z.input<Payload>) =>
  id(schema.parse(payload));
