import { randomUUID } from 'node:crypto';
import type { FetchAsk } from '../commands/fetch-request.ts';
import { fetchCandlesJob } from '../jobs/fetch-candles.job.ts';
import type { Desk } from './open-desk.ts';
import type { Requester } from './submit-run.ts';

/** Asks for bars to be fetched. Only a channel can be told of the end. */
export async function requestFetch(
  { queue }: Pick<Desk, 'queue'>,
  asked: FetchAsk,
  { guildId, channelId, userId }: Requester,
): Promise<void> {
  if (channelId === null || userId === null) throw new Error('A fetch needs a channel and a person to tell of its end.');
  await queue.enqueue(fetchCandlesJob, { ...asked, fetchId: randomUUID(), guildId, channelId, userId, instrument: 'perpetual' });
}
