import { z } from 'zod';

export const jobProgressSchema = z.strictObject({
  stage: z.string().min(1).describe('What the job is doing'),
  fraction: z.number().min(0).max(1).describe('How much of the work is done; 0–1'),
});

export type JobProgress = Readonly<z.infer<typeof jobProgressSchema>>;

export type ReportProgress = (progress: JobProgress) => void;

type Throttled = {
  readonly report: ReportProgress;
  /** Sends the last report if it has not been sent, and waits until it has arrived. Later reports are dropped. */
  readonly settle: () => Promise<void>;
};

type Options = {
  readonly send: (progress: JobProgress) => Promise<void>;
  readonly intervalMs: number;
  readonly reportError: (error: unknown) => void;
};

/** Sends at most one report in the interval, always the newest: work may report as often as it likes. */
export function throttleProgress({ send, intervalMs, reportError }: Options): Throttled {
  let newest: JobProgress | null = null;
  let timer: NodeJS.Timeout | null = null;
  let sending: Promise<void> = Promise.resolve();
  let settled = false;

  const sendNewest = () => {
    if (newest === null) return;
    const progress = newest;
    newest = null;
    // Progress is for people to look at; a job does not fail for want of it.
    sending = sending.then(() => send(progress)).catch(reportError);
  };
  const tick = () => {
    timer = newest === null ? null : setTimeout(tick, intervalMs);
    sendNewest();
  };

  return {
    report: (progress) => {
      if (settled) return;
      newest = progress;
      if (timer === null) tick();
    },
    settle: async () => {
      settled = true;
      if (timer !== null) clearTimeout(timer);
      sendNewest();
      await sending;
    },
  };
}
