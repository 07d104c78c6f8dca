import { Refusal } from '../engine/refusal.ts';
import type { Work } from '../engine/work.ts';
import { listen } from '../store/listen.ts';
import { WORK_ROWS } from '../store/work-rows.ts';
import type { Desk } from './open-desk.ts';

export type Cancellations = {
  /** Gives the doing a signal that is also aborted when the work is cancelled; then it ends as a Refusal, which leaves the work as it is. */
  readonly unlessCancelled: <Result>(work: Work, signal: AbortSignal, doing: (signal: AbortSignal) => Promise<Result>) => Promise<Result>;
  readonly close: () => Promise<void>;
};

type Options = Pick<Desk, 'databaseUrl' | 'pool' | 'reportError' | 'note'>;

type UnderWay = { readonly work: Work; readonly controller: AbortController };

/** Frees whoever does work that somebody cancelled. A missed notice costs time alone: cancelled work takes no result. */
export async function watchCancellations({ databaseUrl, pool, reportError, note }: Options): Promise<Cancellations> {
  const byId = new Map<string, UnderWay>();
  const asking = new Set<Promise<void>>();
  const abortIfCancelled = async (id: string) => {
    const underWay = byId.get(id);
    if (underWay === undefined) return;
    try {
      if ((await WORK_ROWS[underWay.work.kind].readOutcome(pool, id))?.state === 'cancelled') underWay.controller.abort();
    } catch (error) {
      reportError(error);
    }
  };
  /** Whoever closes us closes the database next. */
  const ask = (id: string) => {
    const asked = abortIfCancelled(id).finally(() => asking.delete(asked));
    asking.add(asked);
  };
  const listening = await listen({
    databaseUrl,
    channels: Object.values(WORK_ROWS).map(({ endedChannel }) => endedChannel),
    reportError,
    note,
    onNotice: (_, id) => ask(id),
  });

  return {
    unlessCancelled: async (work, signal, doing) => {
      const controller = new AbortController();
      byId.set(work.id, { work, controller });
      // The notice may have come while nobody listened for this work.
      ask(work.id);
      try {
        return await doing(AbortSignal.any([signal, controller.signal]));
      } catch (cause) {
        if (controller.signal.aborted) throw new Refusal(`The ${work.kind} was cancelled`, { cause });
        throw cause;
      } finally {
        byId.delete(work.id);
      }
    },
    close: async () => {
      await listening.close();
      await Promise.all(asking);
    },
  };
}

/** Makes functions that may take long stop when the work they are done for is cancelled. */
export function cancellable({ unlessCancelled }: Cancellations, work: Work) {
  return <Input, Given extends { readonly signal: AbortSignal }, Result>(doing: (input: Input, given: Given) => Promise<Result>) =>
    (input: Input, given: Given): Promise<Result> =>
      unlessCancelled(work, given.signal, (signal) => doing(input, { ...given, signal }));
}
