import { Queue, QueueEvents } from 'bullmq';
import { z } from 'zod';
import type { JobContract } from './job.ts';
import { type JobProgress, jobProgressSchema } from './progress.ts';
import type { QueueBackend } from './queue-backend.ts';

type Named = Pick<JobContract, 'name'>;

export type ProgressListener = (progress: JobProgress & { readonly jobId: string }) => void;

export type JobQueue = {
  /**
   * Returns the id of the job. While a job waits or runs, the same payload is the same job. One that has ended is forgotten and
   * made again, so that what it left undone can be asked for at any time; its processor must know what is done already.
   */
  readonly enqueue: <Payload extends z.ZodType>(contract: JobContract<Payload>, payload: z.input<Payload>) => Promise<string>;
  /** Tells of every job of the contract, from when the promise resolves until the returned function is called. */
  readonly onProgress: (contract: Named, listener: ProgressListener) => Promise<() => void>;
  /** Whether any process takes jobs of the contract right now. One that was killed is not alive: its connection died with it. */
  readonly hasLiveWorker: (contract: Named) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

type Options = {
  readonly backend: QueueBackend;
  /** Told of what goes wrong in the background, such as a lost connection, which is opened again by itself. */
  readonly reportError: (error: unknown) => void;
};

/** The asking side of the jobs. Each contract has a BullMQ queue of its own, because a BullMQ worker takes every job of its queue. */
export function openJobQueue({ backend, reportError }: Options): JobQueue {
  const queues = new Map<string, ReturnType<typeof openQueue>>();
  const listeners = new Map<string, ReturnType<typeof openEvents>>();
  const queueOf = (name: string) => queues.get(name) ?? remember(queues, name, openQueue(name, { backend, reportError }));
  const eventsOf = (name: string) => {
    const opened = listeners.get(name) ?? remember(listeners, name, openEvents(queueOf(name), { backend, reportError }));
    opened.catch(() => listeners.delete(name));
    return opened;
  };

  return {
    enqueue: async (contract, payload) => {
      const parsed = parsePayload(contract, payload);
      const id = contract.id(parsed);
      const queue = queueOf(contract.name);
      // Its state is asked before adding: a job that ends right after is one that was made for this payload.
      if (isEnded(await queue.getJobState(id))) await queue.remove(id);
      await queue.add(contract.name, parsed, { ...contract.options, jobId: id });
      return id;
    },

    onProgress: async ({ name }, listener) => {
      const events = await eventsOf(name);
      const listen = ({ jobId, data }: { readonly jobId: string; readonly data: unknown }) => {
        const parsed = jobProgressSchema.safeParse(data);
        if (parsed.success) listener({ jobId, ...parsed.data });
        else reportError(new Error(`Job ${jobId} reported progress that is none`, { cause: parsed.error }));
      };
      events.on('progress', listen);
      return () => void events.off('progress', listen);
    },

    hasLiveWorker: async ({ name }) => (await queueOf(name).getWorkersCount()) > 0,

    close: async () => {
      const opened = await Promise.allSettled(listeners.values());
      await Promise.all(opened.map((events) => (events.status === 'fulfilled' ? events.value.close() : null)));
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

function openQueue(name: string, { backend, reportError }: Options) {
  const queue = new Queue(name, { connection: backend.connection }, backend.factory);
  queue.on('error', reportError);
  return queue;
}

const MAX_EVENTS = 10_000;
const POLL_MS = 1_000;

/**
 * Listens from an event of our own on. BullMQ's usual "from now on" forgets where it was between two polls, and would lose what
 * was told in between.
 */
async function openEvents(queue: ReturnType<typeof openQueue>, { backend, reportError }: Options) {
  const lastEventId = await queue.getBackend().publishEvent({ event: 'listening' }, MAX_EVENTS);
  const options = { connection: backend.connection, lastEventId, blockingTimeout: POLL_MS };
  const events = new QueueEvents(queue.name, options, backend.factory);
  events.on('error', reportError);
  return events;
}

function parsePayload<Payload extends z.ZodType>(contract: JobContract<Payload>, payload: unknown): z.infer<Payload> {
  const parsed = contract.payload.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new Error(`This is no payload of a ${contract.name} job:\n${z.prettifyError(parsed.error)}`, { cause: parsed.error });
}

const isEnded = (state: string) => state === 'completed' || state === 'failed';

function remember<Value>(values: Map<string, Value>, name: string, value: Value): Value {
  values.set(name, value);
  return value;
}
