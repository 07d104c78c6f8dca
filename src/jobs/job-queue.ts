import { z } from 'zod';
import {
  addJob,
  closeEvents,
  closeQueue,
  isEnded,
  listenFromNow,
  type OpenEvents,
  type Opening,
  type OpenQueue,
  openQueue,
} from './bull-queue.ts';
import { withoutCommand } from './driver-error.ts';
import type { JobContract } from './job.ts';
import { type JobProgress, jobProgressSchema } from './progress.ts';
import { answerInTime } from './queue-unavailable.ts';

type Named = Pick<JobContract, 'name'>;

export type ProgressListener = (progress: JobProgress & { readonly jobId: string }) => void;

/** What asks the queue answers within two seconds, or throws `QueueUnavailable`. */
export type JobQueue = {
  /**
   * Returns the id of the job. While a job waits or runs, the same payload is the same job. One that has ended is forgotten and
   * made again, so that what it left undone can be asked for at any time; its processor must know what is done already.
   */
  readonly enqueue: <Payload extends z.ZodType>(contract: JobContract<Payload>, payload: z.input<Payload>) => Promise<string>;
  /** Whether the job of this payload waits or runs. */
  readonly isPending: <Payload extends z.ZodType>(contract: JobContract<Payload>, payload: z.input<Payload>) => Promise<boolean>;
  /** Tells of every job of the contract, from when the promise resolves until the returned function is called. */
  readonly onProgress: (contract: Named, listener: ProgressListener) => Promise<() => void>;
  /** Tells whenever the queue can be asked again after it could not; it may have been emptied in between. */
  readonly onConnect: (contract: Named, listener: () => void) => () => void;
  /** Whether any process takes jobs of the contract right now. One that was killed is not alive: its connection died with it. */
  readonly hasLiveWorker: (contract: Named) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

/** The asking side of the jobs. Each contract has a BullMQ queue of its own, because a BullMQ worker takes every job of its queue. */
export function openJobQueue({ backend, reportError }: Opening): JobQueue {
  const opening = { backend, reportError: (error: unknown) => reportError(withoutCommand(error)) };
  let closed = false;
  const queues = new Map<string, OpenQueue>();
  const listeners = new Map<string, Promise<OpenEvents>>();
  const openedEvents: OpenEvents[] = [];
  const connectListeners = new Map<string, Set<() => void>>();
  const connectListenersOf = (name: string) => connectListeners.get(name) ?? remember(connectListeners, name, new Set());
  const queueOf = (name: string) => queues.get(name) ?? remember(queues, name, open(name));
  const eventsOf = (name: string) => {
    const opened = listeners.get(name) ?? remember(listeners, name, listen(name));
    opened.catch(() => listeners.delete(name));
    return opened;
  };

  const ask = async <Answer>(work: Promise<Answer>) => {
    try {
      return await answerInTime(work);
    } catch (error) {
      // Whoever asked is told that it did not work; why, only the log is.
      reportError(error);
      throw error;
    }
  };

  return {
    enqueue: async (contract, payload) => {
      const parsed = parsePayload(contract, payload);
      const id = contract.id(parsed);
      await ask(addJob(queueOf(contract.name), contract, { id, payload: parsed }));
      return id;
    },

    isPending: async (contract, payload) => {
      const id = contract.id(parsePayload(contract, payload));
      const state = await ask(queueOf(contract.name).getJobState(id));
      return state !== 'unknown' && !isEnded(state);
    },

    onProgress: async ({ name }, listener) => {
      const events = await ask(eventsOf(name));
      const tell = ({ jobId, data }: { readonly jobId: string; readonly data: unknown }) => {
        const parsed = jobProgressSchema.safeParse(data);
        if (parsed.success) listener({ jobId, ...parsed.data });
        else reportError(new Error(`Job ${jobId} reported progress that is none`, { cause: parsed.error }));
      };
      events.on('progress', tell);
      return () => void events.off('progress', tell);
    },

    onConnect: ({ name }, listener) => {
      connectListenersOf(name).add(listener);
      queueOf(name);
      return () => void connectListenersOf(name).delete(listener);
    },

    hasLiveWorker: async ({ name }) => (await ask(queueOf(name).getWorkersCount())) > 0,

    close: async () => {
      closed = true;
      await Promise.all([...queues.values().map(closeQueue), ...openedEvents.map(closeEvents)]);
    },
  };

  async function listen(name: string): Promise<OpenEvents> {
    const events = await listenFromNow(queueOf(name), opening);
    if (closed) await closeEvents(events);
    else openedEvents.push(events);
    return events;
  }

  function open(name: string): OpenQueue {
    const queue = openQueue(name, opening);
    queue.getBackend().on('ready', () => {
      for (const listener of connectListenersOf(name)) listener();
    });
    // One that could not connect at first never will: the next to ask opens another.
    queue.waitUntilReady().catch((error) => {
      if (closed) return;
      queues.delete(name);
      opening.reportError(error);
      closeQueue(queue).catch(reportError);
    });
    return queue;
  }
}

function parsePayload<Payload extends z.ZodType>(contract: JobContract<Payload>, payload: unknown): z.infer<Payload> {
  const parsed = contract.payload.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new Error(`This is no payload of a ${contract.name} job:\n${z.prettifyError(parsed.error)}`, { cause: parsed.error });
}

function remember<Value>(values: Map<string, Value>, name: string, value: Value): Value {
  values.set(name, value);
  return value;
}
