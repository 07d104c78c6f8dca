import { randomUUID } from 'node:crypto';
import type { REST } from 'discord.js';
import { writeLostReply } from '../bot/lost-reply.ts';
import { renderLostPress } from '../render/lost-press.ts';
import { enqueueMessage } from '../store/outbox.ts';
import type { Pool } from '../store/pool.ts';
import { type LostPress, markAnswered, type NewPress, PRESS_LOST, prunePresses, takeLostPresses } from '../store/pressed-interactions.ts';
import { transact } from '../store/transaction.ts';

type Options = {
  readonly pool: Pool;
  readonly rest: Pick<REST, 'get' | 'patch' | 'post'>;
  readonly applicationId: string;
  /** The number under which this process is known to live; null while it is not. */
  readonly heldBy: () => number | null;
  /** Other processes that are gone. */
  readonly findGone: () => Promise<readonly number[]>;
  /** Calls once after the delay; the returned function prevents it. */
  readonly setTimer: (work: () => void, delayMs: number) => () => void;
  readonly nowMs: () => number;
  /** Told when looking begins to fail, and not again until it has worked. */
  readonly reportError: (error: unknown) => void;
};

const EVERY_MS = 2_000;
/** Longer than telling takes. */
const LEASE_MS = 20_000;
const TAKEN_AT_ONCE = 20;
const TOKEN_LIFE_MS = 15 * 60_000;
/** Discord brings an interaction again within minutes or not at all. */
const REMEMBERED_MS = 60 * 60_000;

/** Answers in the place of bots that died: every few seconds it looks for presses that nobody vouches for any more. */
export function startLostPresses(options: Options): { readonly close: () => Promise<void> } {
  const { setTimer, reportError } = options;
  let isClosed = false;
  let isFailing = false;
  let cancelTimer = () => {};
  let running = run();

  async function run(): Promise<void> {
    try {
      await tellAll(options);
      isFailing = false;
    } catch (error) {
      if (!isFailing) reportError(new Error('Lost commands cannot be looked for', { cause: error }));
      isFailing = true;
    }
    if (isClosed) return;
    cancelTimer = setTimer(() => {
      running = run();
    }, EVERY_MS);
  }

  return {
    close: async () => {
      isClosed = true;
      cancelTimer();
      await running;
    },
  };
}

async function tellAll(options: Options): Promise<void> {
  const { pool, applicationId, nowMs } = options;
  await prunePresses(pool, nowMs() - REMEMBERED_MS);
  const holding = { leaseMs: LEASE_MS, heldBy: options.heldBy(), gone: await options.findGone() };
  const lost = await takeLostPresses(pool, { applicationId, limit: TAKEN_AT_ONCE, ...holding });
  // One that cannot be told holds up no other; it is taken again after its lease.
  const outcomes = await Promise.allSettled(lost.map((press) => tell(options, press)));
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} lost commands could not be told of`);
}

async function tell({ pool, rest, nowMs }: Options, lost: NewPress): Promise<void> {
  const isReplyOpen = nowMs() - lost.pressedAtMs < TOKEN_LIFE_MS;
  const told = isReplyOpen ? await writeLostReply(rest, lost, renderLostPress(lost, null)) : 'unreachable';
  if (told !== 'unreachable') {
    await markAnswered(pool, [lost.interactionId]);
    return;
  }

  const { interactionId, guildId, channelId, kind, asked, userId } = lost;
  const payload: LostPress = { kind, asked, userId };
  await transact(pool, async (tx) => {
    // Another that took it when we seemed gone may have told of it meanwhile.
    if ((await markAnswered(tx, [interactionId])) === 0) return;
    await enqueueMessage(tx, { id: randomUUID(), guildId, channelId, runId: null, kind: PRESS_LOST, payload });
  });
}
