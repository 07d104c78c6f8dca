import { Queue, QueueEvents } from 'bullmq';
import { forgetErrors } from './forget-errors.ts';
import type { JobContract } from './job.ts';
import type { QueueBackend } from './queue-backend.ts';
import { settlesWithin } from './settles-within.ts';

export type Opening = {
  readonly backend: QueueBackend;
  /** Told of what goes wrong in the background, such as a lost connection, which is opened again by itself. */
  readonly reportError: (error: unknown) => void;
};

export type OpenQueue = ReturnType<typeof openQueue>;
export type OpenEvents = Awaited<ReturnType<typeof listenFromNow>>;

/** BullMQ's queue of one contract, for asking. */
export function openQueue(name: string, { backend, reportError }: Opening) {
  const queue = new Queue(name, { connection: {} }, backend.asking);
  queue.on('error', reportError);
  return queue;
}

/** Everything asked has been answered or given up, so nothing is lost by not waiting for a server that may be away. */
export async function closeQueue(queue: OpenQueue): Promise<void> {
  await queue.getBackend().close(true);
  await queue.close();
  forgetErrors(queue);
}

type Asked = { readonly id: string; readonly payload: unknown };

export async function addJob(
  queue: OpenQueue,
  { name, options }: Pick<JobContract, 'name' | 'options'>,
  { id, payload }: Asked,
): Promise<void> {
  // Its state is asked before adding: a job that ends right after is one that was made for this payload.
  if (isEnded(await queue.getJobState(id))) await queue.remove(id);
  await queue.add(name, payload, { ...options, jobId: id });
}

export const isEnded = (state: string) => state === 'completed' || state === 'failed';

const MAX_EVENTS = 10_000;
const POLL_MS = 1_000;

/**
 * Listens from an event of our own on. BullMQ's usual "from now on" forgets where it was between two polls, and would lose what
 * was told in between.
 */
export async function listenFromNow(queue: OpenQueue, { backend, reportError }: Opening) {
  const lastEventId = await queue.getBackend().publishEvent({ event: 'listening' }, MAX_EVENTS);
  const events = new QueueEvents(queue.name, { connection: {}, lastEventId, blockingTimeout: POLL_MS }, backend.working);
  events.on('error', reportError);
  return events;
}

const CLOSE_MS = 1_000;

/** BullMQ's own close waits for a server that is away. */
export async function closeEvents(events: OpenEvents): Promise<void> {
  if (!(await settlesWithin(events.close(), CLOSE_MS))) await events.getBackend().close(true);
  forgetErrors(events);
}
