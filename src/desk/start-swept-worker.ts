import type { z } from 'zod';
import type { WorkKind } from '../engine/work.ts';
import type { JobContract } from '../jobs/job.ts';
import { startJobWorker } from '../jobs/job-worker.ts';
import type { JobProcessor } from '../jobs/run-job.ts';
import { startSweep } from '../jobs/sweep.ts';
import { WORK_ROWS } from '../store/work-rows.ts';
import type { Desk } from './open-desk.ts';
import { setTimer } from './set-timer.ts';

export type RunningWorker = { readonly close: (deadlineMs: number) => Promise<void> };

type Options<Payload extends z.ZodType> = {
  readonly kind: WorkKind;
  readonly contract: JobContract<Payload>;
  /** Jobs at once. */
  readonly concurrency: number;
  readonly processor: JobProcessor<z.infer<Payload>>;
  readonly payloadOf: (work: { readonly id: string; readonly guildId: string }) => z.input<Payload>;
};

/** Does work of one kind, and looks for jobs of it that got lost. */
export async function startSweptWorker<Payload extends z.ZodType>(
  { pool, backend, queue, reportError }: Desk,
  { kind, contract, concurrency, processor, payloadOf }: Options<Payload>,
): Promise<RunningWorker> {
  const worker = await startJobWorker({ contract, backend, concurrency, reportError, processor });
  const sweep = startSweep({
    contract,
    queue,
    listUnfinished: async (olderThanMs) => (await WORK_ROWS[kind].listUnfinished(pool, olderThanMs)).map(payloadOf),
    setTimer,
    reportError,
  });
  return {
    close: async (deadlineMs) => {
      await Promise.all([sweep.close(), worker.close(deadlineMs)]);
    },
  };
}
