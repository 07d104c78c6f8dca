import type { Work } from '../engine/work.ts';
import { transact } from '../store/transaction.ts';
import { WORK_ROWS } from '../store/work-rows.ts';
import { tellEnd } from './end-work.ts';
import type { Desk } from './open-desk.ts';

type Cancelling = { readonly work: Work; readonly guildId: string; readonly userId: string };

/**
 * Ends work of the guild, and says whether it was this call that did. The row is the truth: a job that still waits finds nothing to
 * do, and one that is worked on is told by the notice of the end. Whoever asked for it is told when it was somebody else.
 */
export async function cancelWork({ pool, metrics }: Desk, { work, guildId, userId }: Cancelling): Promise<boolean> {
  const isCancelled = await transact(pool, async (tx) => {
    if (!(await WORK_ROWS[work.kind].cancel(tx, { id: work.id, guildId, cancelledBy: userId }))) return false;
    await tellEnd(tx, work, userId);
    return true;
  });
  if (isCancelled && work.kind === 'run') metrics.runEnded('cancelled', null);
  return isCancelled;
}
