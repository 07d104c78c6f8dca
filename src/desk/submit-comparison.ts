import { randomUUID } from 'node:crypto';
import type { AskedComparison } from '../engine/comparison-spec.ts';
import { compareJob } from '../jobs/compare.job.ts';
import { insertComparison } from '../store/comparisons.ts';
import type { Desk } from './open-desk.ts';
import { type Requester, submitWork } from './submit-work.ts';

export async function submitComparison(
  { pool, queue }: Pick<Desk, 'pool' | 'queue'>,
  asked: AskedComparison,
  requester: Requester,
): Promise<{ readonly comparisonId: string; readonly isQueueAway: boolean }> {
  const comparisonId = randomUUID();
  const { guildId, channelId, userId } = requester;
  const row = {
    ...{ id: comparisonId, guildId, channelId, requestedBy: userId, request: asked },
    baseRunId: randomUUID(),
    variantRunIds: asked.variations.map(() => randomUUID()),
  };
  const submitted = await submitWork(
    { pool },
    {
      work: { kind: 'comparison', id: comparisonId },
      insert: (tx) => insertComparison(tx, row),
      enqueue: () => queue.enqueue(compareJob, { comparisonId, guildId }),
    },
    requester,
  );
  return { comparisonId, ...submitted };
}
