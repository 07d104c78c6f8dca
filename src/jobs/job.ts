import type { JobsOptions } from 'bullmq';
import type { z } from 'zod';

/** What a job is, apart from the work: its name, what it carries, and the id that makes the same work the same job. */
export type JobContract<Payload extends z.ZodType = z.ZodType> = {
  readonly name: string;
  readonly payload: Payload;
  /** Never contains `:`, which the queue refuses. */
  readonly id: (payload: z.infer<Payload>) => string;
  readonly options: JobsOptions;
};

export function defineJob<Payload extends z.ZodType>(contract: JobContract<Payload>): JobContract<Payload> {
  return contract;
}
