import { enqueueMessage } from '../store/outbox.ts';
import { cancelRun as markCancelled, readOutcome } from '../store/runs.ts';
import { transact } from '../store/transaction.ts';
import { RUN_ENDED } from './end-run.ts';
import type { Desk } from './open-desk.ts';

type Cancelling = { readonly runId: string; readonly guildId: string; readonly userId: string };

/**
 * Ends a run of the guild, and says whether it was this call that did. The row is the truth: a job that still waits finds nothing to
 * do, and one that is worked on is told by the notice of the end. Whoever asked for the run is told when it was somebody else.
 */
export async function cancelRun({ pool, metrics }: Desk, { runId, guildId, userId }: Cancelling): Promise<boolean> {
  const isCancelled = await transact(pool, async (tx) => {
    if (!(await markCancelled(tx, { id: runId, guildId, cancelledBy: userId }))) return false;
    const run = await readOutcome(tx, runId);
    if (run !== null && run.channelId !== null && run.requestedBy !== userId) {
      await enqueueMessage(tx, { id: runId, guildId, channelId: run.channelId, runId, kind: RUN_ENDED, payload: {} });
    }
    return true;
  });
  if (isCancelled) metrics.runEnded('cancelled', null);
  return isCancelled;
}
