import { Refusal } from '../engine/refusal.ts';
import { listen } from '../store/listen.ts';
import type { Pool } from '../store/pool.ts';
import { RUN_ENDED_CHANNEL, readOutcome } from '../store/runs.ts';

export type Cancellations = {
  /** Gives the work a signal that is also aborted when the run is cancelled; then the work's end is a Refusal, which leaves the run as it is. */
  readonly unlessCancelled: <Result>(runId: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<Result>) => Promise<Result>;
  readonly close: () => Promise<void>;
};

type Options = { readonly databaseUrl: string; readonly pool: Pool; readonly reportError: (error: unknown) => void };

/** Frees the worker of a run that somebody cancelled. A missed notice costs time alone: a cancelled run takes no result. */
export async function watchCancellations({ databaseUrl, pool, reportError }: Options): Promise<Cancellations> {
  const byRunId = new Map<string, AbortController>();
  const abortIfCancelled = async (runId: string) => {
    const controller = byRunId.get(runId);
    if (controller === undefined) return;
    try {
      if ((await readOutcome(pool, runId))?.state === 'cancelled') controller.abort();
    } catch (error) {
      reportError(error);
    }
  };
  const listening = await listen({
    databaseUrl,
    channels: [RUN_ENDED_CHANNEL],
    reportError,
    onNotice: (_, runId) => void abortIfCancelled(runId),
  });

  return {
    unlessCancelled: async (runId, signal, work) => {
      const controller = new AbortController();
      byRunId.set(runId, controller);
      // The notice may have come while nobody listened for this run.
      void abortIfCancelled(runId);
      try {
        return await work(AbortSignal.any([signal, controller.signal]));
      } catch (cause) {
        if (controller.signal.aborted) throw new Refusal('The run was cancelled', { cause });
        throw cause;
      } finally {
        byRunId.delete(runId);
      }
    },
    close: listening.close,
  };
}
