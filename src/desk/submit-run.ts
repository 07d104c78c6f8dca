import { randomUUID } from 'node:crypto';
import type { AskedRun } from '../engine/run-spec.ts';
import { backtestJob } from '../jobs/backtest.job.ts';
import { insertRun } from '../store/runs.ts';
import type { Desk } from './open-desk.ts';
import { type Requester, submitWork } from './submit-work.ts';

export async function submitRun(
  { pool, queue }: Desk,
  asked: AskedRun,
  requester: Requester,
): Promise<{ readonly runId: string; readonly isQueueAway: boolean }> {
  const runId = randomUUID();
  const { guildId, channelId, userId } = requester;
  const submitted = await submitWork(
    { pool },
    {
      work: { kind: 'run', id: runId },
      insert: (tx) => insertRun(tx, { id: runId, guildId, channelId, requestedBy: userId, request: asked }),
      enqueue: () => queue.enqueue(backtestJob, { runId, guildId }),
    },
    requester,
  );
  return { runId, ...submitted };
}
