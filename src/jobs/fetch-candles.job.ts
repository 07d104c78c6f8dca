import { z } from 'zod';
import { symbolSchema, timeframeSchema } from '../engine/bar.ts';
import { defineJob } from './job.ts';

/** How far back a fetch may go: all that a run can use. */
export const FETCH_DAYS = { min: 1, max: 1_500 } as const;

/** Fetches the bars of one market that are not kept yet. What is kept already stays, so a fetch that is begun again goes on. */
export const fetchCandlesJob = defineJob({
  name: 'fetch-candles',
  payload: z.strictObject({
    fetchId: z.uuid().describe('Names the fetch, its job and the message about its end'),
    guildId: z.string().min(1).max(32).describe('Who asked for it; a Discord guild id'),
    channelId: z.string().min(1).max(32).describe('Where its end is told; a Discord channel id'),
    userId: z.string().min(1).max(32).describe('Whom its end is told; a Discord user id'),
    symbol: symbolSchema,
    timeframe: timeframeSchema,
    instrument: z.enum(['perpetual', 'spot']),
    startMs: z.int().min(0).describe('First bar that may open; ms UTC'),
    endMs: z.int().min(0).describe('No bar opens at or after it; ms UTC'),
  }),
  id: ({ fetchId }) => `fetch-candles-${fetchId}`,
  options: {
    attempts: 3,
    backoff: { type: 'exponential', delay: 2_000 },
    removeOnComplete: { age: 86_400 },
    removeOnFail: { age: 604_800 },
  },
});

export type FetchRequest = Readonly<z.infer<typeof fetchCandlesJob.payload>>;

/** What became of a fetch, as the message about it carries it. */
export const fetchOutcomeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('fetched'),
    userId: z.string(),
    symbol: symbolSchema,
    timeframe: timeframeSchema,
    market: z.string().describe('Which market it is; for people'),
    newBars: z.int().min(0).describe('Bars that were not kept before'),
    hasFunding: z.boolean().describe('Whether the exchange publishes funding of the market'),
  }),
  z.strictObject({ kind: z.literal('refused'), userId: z.string(), reason: z.string() }),
  z.strictObject({ kind: z.literal('failed'), userId: z.string(), reference: z.string() }),
]);

export type FetchOutcome = Readonly<z.infer<typeof fetchOutcomeSchema>>;
