import { randomUUID } from 'node:crypto';
import type { FetchAsk } from '../commands/fetch-request.ts';
import { fetchCandlesJob } from '../jobs/fetch-candles.job.ts';
import { insertFetch } from '../store/fetches.ts';
import type { Desk } from './open-desk.ts';
import { type Requester, submitWork } from './submit-work.ts';

export async function submitFetch(
  { pool, queue }: Pick<Desk, 'pool' | 'queue'>,
  asked: FetchAsk,
  requester: Requester,
): Promise<{ readonly fetchId: string; readonly isQueueAway: boolean }> {
  const fetchId = randomUUID();
  const { guildId, channelId, userId } = requester;
  const submitted = await submitWork(
    { pool },
    {
      work: { kind: 'fetch', id: fetchId },
      insert: (tx) => insertFetch(tx, { ...asked, id: fetchId, guildId, channelId, requestedBy: userId, instrument: 'perpetual' }),
      enqueue: () => queue.enqueue(fetchCandlesJob, { fetchId, guildId }),
    },
    requester,
  );
  return { fetchId, ...submitted };
}
