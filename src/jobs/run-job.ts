import { DelayedError, type Job, UnrecoverableError, WaitingError } from 'bullmq';
import { z } from 'zod';
import type { JobContract } from './job.ts';
import { type ReportProgress, throttleProgress } from './progress.ts';

export type JobContext = {
  /** Aborted when somebody else will do the job: the worker closes, or it has lost the job to another. */
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
};

export type JobProcessor<Payload> = {
  /** May run twice for the same payload. What it throws is tried again as often as the contract says. */
  readonly process: (payload: Payload, context: JobContext) => Promise<void>;
  /** Called when nobody will try again, before the queue lets go of the job. It may be called twice. */
  readonly abandon: (payload: Payload, error: unknown) => Promise<void>;
};

export type JobWork<Payload extends z.ZodType> = {
  readonly contract: JobContract<Payload>;
  readonly processor: JobProcessor<z.infer<Payload>>;
  readonly progressMs: number;
  readonly reportError: (error: unknown) => void;
};

/** What BullMQ gave with the job: the name of the lock, and the signal that the worker or the lock is lost. */
type Claim = { readonly token: string | undefined; readonly signal: AbortSignal };

/** A job that has outlived so many workers is what kills them. */
const MAX_STALLS = 10;

/** One attempt at one job. What it throws tells BullMQ where the job goes next. */
export async function runJob<Payload extends z.ZodType>(work: JobWork<Payload>, job: Job, { token, signal }: Claim): Promise<void> {
  const payload = parsePayload(work, job);
  try {
    if (job.stalledCounter > MAX_STALLS) throw new UnrecoverableError(`${job.stalledCounter} workers have died on job ${job.id}`);
    await processTelling(work, job, { payload, signal });
  } catch (error) {
    if (signal.aborted) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    if (error instanceof UnrecoverableError || isLastAttempt(job)) await abandon(work, job, { payload, error, token });
    else work.reportError(new Error(`Job ${job.id} failed and will be tried again`, { cause: error }));
    throw error;
  }
}

function parsePayload<Payload extends z.ZodType>({ contract, reportError }: JobWork<Payload>, job: Job): z.infer<Payload> {
  const parsed = contract.payload.safeParse(job.data);
  if (parsed.success) return parsed.data;
  const error = new UnrecoverableError(`Job ${job.id} carries no payload of ${contract.name}:\n${z.prettifyError(parsed.error)}`);
  reportError(error);
  throw error;
}

type Attempt<Payload> = { readonly payload: Payload; readonly signal: AbortSignal };

/** Runs the processor; its last report has arrived when the promise settles. */
async function processTelling<Payload extends z.ZodType>(
  { processor, progressMs, reportError }: JobWork<Payload>,
  job: Job,
  { payload, signal }: Attempt<z.infer<Payload>>,
): Promise<void> {
  const progress = throttleProgress({ send: (newest) => job.updateProgress(newest), intervalMs: progressMs, reportError });
  try {
    await processor.process(payload, { signal, report: progress.report });
  } finally {
    await progress.settle();
  }
}

const isLastAttempt = ({ attemptsMade, opts }: Job) => attemptsMade + 1 >= (opts.attempts ?? 1);

const ABANDON_AGAIN_MS = 10_000;

type Abandoned<Payload> = { readonly payload: Payload; readonly error: unknown; readonly token: string | undefined };

/** While the end cannot be written down the job stays: forgetting it would leave its work open for ever. */
async function abandon<Payload extends z.ZodType>(
  { processor, reportError }: JobWork<Payload>,
  job: Job,
  { payload, error, token }: Abandoned<z.infer<Payload>>,
): Promise<void> {
  try {
    await processor.abandon(payload, error);
  } catch (failure) {
    reportError(new Error(`Job ${job.id} cannot be abandoned and will be tried again`, { cause: failure }));
    await job.moveToDelayed(Date.now() + ABANDON_AGAIN_MS, token);
    throw new DelayedError();
  }
}
