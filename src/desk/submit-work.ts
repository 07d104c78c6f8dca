import { Refusal } from '../engine/refusal.ts';
import { LOCAL_GUILD } from '../engine/run-spec.ts';
import type { Work } from '../engine/work.ts';
import { QueueUnavailable } from '../jobs/queue-unavailable.ts';
import { handOver } from '../store/pressed-interactions.ts';
import { type Tx, transact } from '../store/transaction.ts';
import { keepReply, type ReplyAddress } from '../store/work-replies.ts';
import type { Desk } from './open-desk.ts';

export type Requester = {
  readonly guildId: string;
  readonly channelId: string | null;
  readonly userId: string | null;
  /** Which reply shows how far the work is; null in the terminal. */
  readonly reply: (ReplyAddress & { readonly interactionId: string }) | null;
};

/** Whoever sits at the terminal: nobody in Discord. */
export const THE_TERMINAL: Requester = { guildId: LOCAL_GUILD, channelId: null, userId: null, reply: null };

type Submission = {
  readonly work: Work;
  readonly insert: (tx: Tx) => Promise<unknown>;
  readonly enqueue: () => Promise<unknown>;
};

/** People were told already that nothing came of it. */
const TOO_LATE = 'This took too long and was given up; nothing was started. Give the command again.';

/**
 * Writes work down, then asks for it to be done: the row is the truth, the job only wakes a worker. A queue that is away loses nothing:
 * the sweep asks again when it is back.
 */
export async function submitWork(
  { pool }: Pick<Desk, 'pool'>,
  { work, insert, enqueue }: Submission,
  { reply }: Pick<Requester, 'reply'>,
): Promise<{ readonly isQueueAway: boolean }> {
  await transact(pool, async (tx) => {
    await insert(tx);
    if (reply === null) return;
    if (!(await handOver(tx, reply.interactionId))) throw new Refusal(TOO_LATE);
    await keepReply(tx, { work, reply });
  });
  try {
    await enqueue();
    return { isQueueAway: false };
  } catch (error) {
    // The queue itself has reported why.
    if (error instanceof QueueUnavailable) return { isQueueAway: true };
    throw error;
  }
}
