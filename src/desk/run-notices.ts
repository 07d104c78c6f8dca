import type { ProgressPorts, RunEnd } from '../bot/progress.ts';
import { backtestJob } from '../jobs/backtest.job.ts';
import { listen } from '../store/listen.ts';
import { OUTBOX_CHANNEL } from '../store/outbox.ts';
import { queuePosition } from '../store/run-list.ts';
import { RUN_ENDED_CHANNEL, type Run, readOutcome } from '../store/runs.ts';
import type { Desk } from './open-desk.ts';

export type RunNotices = Pick<ProgressPorts, 'onRunProgress' | 'onRunEnd' | 'findRunEnd' | 'findQueuePosition'> & {
  /** Calls the listener when an outbox row may have come. */
  readonly onOutboxRow: (listener: () => void) => () => void;
  readonly close: () => Promise<void>;
};

/** What the database and the queue tell of runs, for whoever shows them. Notices may be missed; `findRunEnd` is the truth. */
export async function openRunNotices({ databaseUrl, pool, queue, reportError }: Desk): Promise<RunNotices> {
  const outboxListeners = new Set<() => void>();
  const endListeners = new Set<(ended: { readonly runId: string; readonly end: RunEnd }) => void>();
  const listening = await listen({
    databaseUrl,
    channels: [OUTBOX_CHANNEL, RUN_ENDED_CHANNEL],
    reportError,
    onNotice: (channel, payload) => {
      if (channel === OUTBOX_CHANNEL) for (const listener of outboxListeners) listener();
      else void announceEnd(payload);
    },
  });
  const progressListeners = new Set<Parameters<ProgressPorts['onRunProgress']>[0]>();
  const stopProgress = await queue.onProgress(backtestJob, ({ jobId, ...progress }) => {
    const runId = jobId.slice(backtestJob.name.length + 1);
    for (const listener of progressListeners) listener({ runId, ...progress });
  });

  return {
    onRunProgress: (listener) => subscribe(progressListeners, listener),
    onRunEnd: (listener) => subscribe(endListeners, listener),
    findRunEnd,
    findQueuePosition: (runId) => queuePosition(pool, runId),
    onOutboxRow: (listener) => subscribe(outboxListeners, listener),
    close: async () => {
      stopProgress();
      await listening.close();
    },
  };

  async function findRunEnd(runId: string): Promise<RunEnd | null> {
    const outcome = await readOutcome(pool, runId);
    return outcome === null ? null : runEndOf(outcome);
  }

  async function announceEnd(runId: string): Promise<void> {
    try {
      const end = await findRunEnd(runId);
      if (end !== null) for (const listener of endListeners) listener({ runId, end });
    } catch (error) {
      reportError(error);
    }
  }
}

/** Null while the run goes on. */
export function runEndOf({ state, error, cancelledBy }: Pick<Run, 'state' | 'error' | 'cancelledBy'>): RunEnd | null {
  switch (state) {
    case 'queued':
    case 'running':
      return null;
    case 'done':
      return { kind: 'done' };
    case 'refused':
      return { kind: 'refused', reason: error ?? '' };
    case 'failed':
      return { kind: 'failed', reference: error ?? '' };
    case 'cancelled':
      return { kind: 'cancelled', by: cancelledBy ?? '' };
  }
}

function subscribe<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
