import { z } from 'zod';
import { defineJob } from '../../src/jobs/job.ts';

/** A contract for the tests, with quick retries. */
export const workJob = defineJob({
  name: 'work',
  payload: z.strictObject({ workId: z.string().min(1).describe('Names the work') }),
  id: ({ workId }) => `work-${workId}`,
  options: { attempts: 3, backoff: { type: 'fixed', delay: 20 }, removeOnComplete: { age: 86_400 }, removeOnFail: { age: 86_400 } },
});
