import { randomUUID } from 'node:crypto';
import type { AskedRun } from '../engine/run-spec.ts';
import { backtestJob } from '../jobs/backtest.job.ts';
import { insertRun } from '../store/runs.ts';
import { transact } from '../store/transaction.ts';
import { settleCandleSource } from './candle-source.ts';
import type { Desk } from './open-desk.ts';

export type Requester = { readonly guildId: string; readonly channelId: string | null; readonly userId: string | null };

/** Writes the run down, then asks for it to be worked on: the row is the truth, the job only wakes a worker. */
export async function submitRun(
  { pool, queue }: Desk,
  asked: AskedRun,
  { guildId, channelId, userId }: Requester,
): Promise<{ runId: string }> {
  const runId = randomUUID();
  const request = await settleCandleSource(pool, guildId, asked);
  await transact(pool, (tx) => insertRun(tx, { id: runId, guildId, channelId, requestedBy: userId, request }));
  await queue.enqueue(backtestJob, { runId, guildId });
  return { runId };
}
