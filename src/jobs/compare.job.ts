import { z } from 'zod';
import { defineJob } from './job.ts';

/** Runs one stored comparison. What to compare stands in its row, so that the queue can lose the job and it can be made again. */
export const compareJob = defineJob({
  name: 'compare',
  payload: z.strictObject({
    comparisonId: z.uuid().describe('Names the comparison, its row and its job'),
    guildId: z.string().min(1).max(32).describe('Whose comparison it is; a Discord guild id, or local'),
  }),
  id: ({ comparisonId }) => `compare-${comparisonId}`,
  options: {
    attempts: 3,
    backoff: { type: 'exponential', delay: 1_000 },
    removeOnComplete: { age: 86_400 },
    removeOnFail: { age: 604_800 },
  },
});
