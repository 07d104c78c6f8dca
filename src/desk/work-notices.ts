import type { ProgressPorts, WorkEnd } from '../bot/progress.ts';
import { WORK_KINDS, type Work, type WorkKind } from '../engine/work.ts';
import { backtestJob } from '../jobs/backtest.job.ts';
import { compareJob } from '../jobs/compare.job.ts';
import { fetchCandlesJob } from '../jobs/fetch-candles.job.ts';
import { listen } from '../store/listen.ts';
import { OUTBOX_CHANNEL } from '../store/outbox.ts';
import { WORK_ROWS } from '../store/work-rows.ts';
import type { Desk } from './open-desk.ts';
import { workEndOf } from './work-progress.ts';

export type WorkNotices = Pick<ProgressPorts, 'onProgress' | 'onEnd' | 'findEnd' | 'findQueuePosition'> & {
  /** Calls the listener when an outbox row may have come. */
  readonly onOutboxRow: (listener: () => void) => () => void;
  readonly close: () => Promise<void>;
};

/** Whose id ends with that of the work. */
export const WORK_JOBS = { run: backtestJob, fetch: fetchCandlesJob, comparison: compareJob } as const satisfies Record<WorkKind, unknown>;

/** What the database and the queue tell of work, for whoever shows them. Notices may be missed; `findEnd` is the truth. */
export async function openWorkNotices({ databaseUrl, pool, queue, reportError, note }: Desk): Promise<WorkNotices> {
  const outboxListeners = new Set<() => void>();
  const announcing = new Set<Promise<void>>();
  const endListeners = new Set<(ended: { readonly work: Work; readonly end: WorkEnd }) => void>();
  const progressListeners = new Set<Parameters<ProgressPorts['onProgress']>[0]>();
  const listening = await listen({
    databaseUrl,
    channels: [OUTBOX_CHANNEL, ...WORK_KINDS.map((kind) => WORK_ROWS[kind].endedChannel)],
    reportError,
    note,
    onNotice: (channel, payload) => {
      const kind = WORK_KINDS.find((candidate) => WORK_ROWS[candidate].endedChannel === channel);
      if (kind === undefined) for (const listener of outboxListeners) listener();
      else announce({ kind, id: payload });
    },
  });
  const stopProgress = await Promise.all(WORK_KINDS.map(watchProgress));

  return {
    onProgress: (listener) => subscribe(progressListeners, listener),
    onEnd: (listener) => subscribe(endListeners, listener),
    findEnd,
    findQueuePosition: ({ kind, id }) => WORK_ROWS[kind].queuePosition(pool, id),
    onOutboxRow: (listener) => subscribe(outboxListeners, listener),
    close: async () => {
      for (const stop of stopProgress) stop();
      await listening.close();
      await Promise.all(announcing);
    },
  };

  /** Whoever closes us closes the database next. */
  function announce(work: Work): void {
    const announced = announceEnd(work).finally(() => announcing.delete(announced));
    announcing.add(announced);
  }

  function watchProgress(kind: WorkKind): Promise<() => void> {
    const job = WORK_JOBS[kind];
    return queue.onProgress(job, ({ jobId, ...progress }) => {
      const work = { kind, id: jobId.slice(job.name.length + 1) };
      for (const listener of progressListeners) listener({ work, ...progress });
    });
  }

  async function findEnd({ kind, id }: Work): Promise<WorkEnd | null> {
    const outcome = await WORK_ROWS[kind].readOutcome(pool, id);
    return outcome === null ? null : workEndOf(outcome);
  }

  async function announceEnd(work: Work): Promise<void> {
    try {
      const end = await findEnd(work);
      if (end !== null) for (const listener of endListeners) listener({ work, end });
    } catch (error) {
      reportError(error);
    }
  }
}

function subscribe<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
