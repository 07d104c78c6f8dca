import { z } from 'zod';
import { defineJob } from './job.ts';

/** Fetches the bars of one stored fetch. What to fetch stands in the row of it, so that the queue can lose the job and it can be made again. */
export const fetchCandlesJob = defineJob({
  name: 'fetch-candles',
  payload: z.strictObject({
    fetchId: z.uuid().describe('Names the fetch, its row and its job'),
    guildId: z.string().min(1).max(32).describe('Whose fetch it is; a Discord guild id, or local'),
  }),
  id: ({ fetchId }) => `fetch-candles-${fetchId}`,
  options: {
    attempts: 3,
    backoff: { type: 'exponential', delay: 2_000 },
    removeOnComplete: { age: 86_400 },
    removeOnFail: { age: 604_800 },
  },
});
