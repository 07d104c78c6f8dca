import { randomUUID } from 'node:crypto';
import type { AskedRun } from '../engine/run-spec.ts';
import { backtestJob } from '../jobs/backtest.job.ts';
import { keepReply, type ReplyAddress } from '../store/run-replies.ts';
import { insertRun } from '../store/runs.ts';
import { transact } from '../store/transaction.ts';
import type { Desk } from './open-desk.ts';

export type Requester = {
  readonly guildId: string;
  readonly channelId: string | null;
  readonly userId: string | null;
  /** Which reply shows how far the run is; null in the terminal. */
  readonly reply: ReplyAddress | null;
};

/** Writes the run down, then asks for it to be worked on: the row is the truth, the job only wakes a worker. */
export async function submitRun(
  { pool, queue }: Desk,
  asked: AskedRun,
  { guildId, channelId, userId, reply }: Requester,
): Promise<{ runId: string }> {
  const runId = randomUUID();
  await transact(pool, async (tx) => {
    await insertRun(tx, { id: runId, guildId, channelId, requestedBy: userId, request: asked });
    if (reply !== null) await keepReply(tx, { runId, reply });
  });
  await queue.enqueue(backtestJob, { runId, guildId });
  return { runId };
}
