import { z } from 'zod';
import { defineJob } from './job.ts';

/** Runs one stored run. What to run stands in the run's row, so that the queue can lose the job and it can be made again. */
export const backtestJob = defineJob({
  name: 'backtest',
  payload: z.strictObject({
    runId: z.uuid().describe('Names the run, its row and its job'),
    guildId: z.string().min(1).max(32).describe('Whose run it is; a Discord guild id, or local'),
  }),
  id: ({ runId }) => `backtest-${runId}`,
  options: {
    attempts: 3,
    backoff: { type: 'exponential', delay: 1_000 },
    removeOnComplete: { age: 86_400 },
    removeOnFail: { age: 604_800 },
  },
});
