import type { Work, WorkKind } from '../engine/work.ts';
import { enqueueMessage } from '../store/outbox.ts';
import type { Pool } from '../store/pool.ts';
import { type Tx, transact } from '../store/transaction.ts';
import { WORK_ROWS } from '../store/work-rows.ts';

/** Kinds of message: work of this kind has ended, one way or another. */
export const ENDED: Readonly<Record<WorkKind, string>> = { run: 'run-ended', fetch: 'fetch-ended', comparison: 'comparison-ended' };

/**
 * Ends work, each at most once: the end, the message about it and the wake-up are one transaction. Every save says whether it was
 * this one that ended it.
 */
export function workEnder(pool: Pool, kind: WorkKind) {
  const rows = WORK_ROWS[kind];
  return {
    end,
    saveRefusal: (id: string, reason: string) => end(id, (tx) => rows.refuse(tx, { id, reason })),
    saveFailure: (id: string, reference: string) => end(id, (tx) => rows.fail(tx, { id, reason: reference })),
  };

  function end(id: string, write: (tx: Tx) => Promise<boolean>): Promise<boolean> {
    return transact(pool, async (tx) => {
      if (!(await write(tx))) return false;
      await tellEnd(tx, { kind, id }, null);
      return true;
    });
  }
}

/** Writes the message about an end, for everybody but the one who made it. Its id is that of the work. */
export async function tellEnd(tx: Tx, { kind, id }: Work, exceptUserId: string | null): Promise<void> {
  const outcome = await WORK_ROWS[kind].readOutcome(tx, id);
  // What the terminal asked for has no channel: whoever asked reads the row itself.
  if (outcome === null || outcome.channelId === null) return;
  const { guildId, channelId, requestedBy } = outcome;
  if (exceptUserId !== null && requestedBy === exceptUserId) return;
  await enqueueMessage(tx, { id, guildId, channelId, runId: kind === 'run' ? id : null, kind: ENDED[kind], payload: {} });
}
