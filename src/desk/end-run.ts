import type { RunResult } from '../engine/result.ts';
import { enqueueMessage } from '../store/outbox.ts';
import type { Pool } from '../store/pool.ts';
import { failRun, finishRun, readOutcome, refuseRun } from '../store/runs.ts';
import { type Tx, transact } from '../store/transaction.ts';

/** The only kind of message so far: a run has ended, one way or another. */
export const RUN_ENDED = 'run-ended';

/** Ends runs, each at most once: the end, the message about it and the wake-up are one transaction. */
export function runEnder(pool: Pool) {
  return {
    saveResult: (id: string, result: RunResult) => end(id, (tx) => finishRun(tx, { id, result })),
    saveRefusal: (id: string, reason: string) => end(id, (tx) => refuseRun(tx, { id, reason })),
    saveFailure: (id: string, reference: string) => end(id, (tx) => failRun(tx, { id, reason: reference })),
  };

  async function end(id: string, write: (tx: Tx) => Promise<boolean>): Promise<void> {
    await transact(pool, async (tx) => {
      if (!(await write(tx))) return;
      const run = await readOutcome(tx, id);
      // Runs from the terminal have no channel: whoever started them reads the run itself.
      if (run === null || run.channelId === null) return;
      await enqueueMessage(tx, { id, guildId: run.guildId, channelId: run.channelId, runId: id, kind: RUN_ENDED, payload: {} });
    });
  }
}
