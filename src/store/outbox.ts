import { isGone } from './gone-holders.ts';
import type { Db, Tx } from './transaction.ts';

/** The channel on which every new message is announced, with its id: `listen outbox`. */
export const OUTBOX_CHANNEL = 'outbox';

export type NewMessage = {
  readonly id: string;
  readonly guildId: string;
  readonly channelId: string;
  readonly runId: string | null;
  /** Which renderer the payload is for. */
  readonly kind: string;
  readonly payload: unknown;
};

export type ClaimedMessage = NewMessage & {
  /** How often somebody has begun to send it, this time included. */
  readonly attempts: number;
  /** A sender before us died or was too slow: the message may have been delivered, so look for it first. */
  readonly mayHaveBeenSent: boolean;
  readonly createdAtMs: number;
};

/** Writes a message to be sent when the transaction commits. Returns false, and writes nothing, when there is one of that id. */
export async function enqueueMessage(tx: Tx, { id, guildId, channelId, runId, kind, payload }: NewMessage): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into outbox (id, guild_id, channel_id, run_id, kind, payload)
     values ($1, $2, $3, $4, $5, $6)
         on conflict (id) do nothing`,
    [id, guildId, channelId, runId, kind, JSON.stringify(payload)],
  );
  if (rowCount === 0) return false;

  await tx.query(`select pg_notify($1, $2)`, [OUTBOX_CHANNEL, id]);
  return true;
}

type Claiming = {
  readonly leaseMs: number;
  /** The number of the holder that takes it; null where only the lease is to say whose it is. */
  readonly heldBy: number | null;
  /** Holders that were seen to be gone; what they hold is taken from them before their lease is over, if they still are. */
  readonly gone: readonly number[];
};

/**
 * Takes the next message that is due, for as long as the lease lasts and we are there; null when there is none. In a channel only the
 * oldest message that is not delivered can be taken, so messages never overtake each other.
 */
export async function claimNext(db: Db, { leaseMs, heldBy, gone }: Claiming): Promise<ClaimedMessage | null> {
  const { rows } = await db.query<ClaimedRow>(
    `with next as (
       select id, state = 'sending' as was_sending
         from outbox
        where (state = 'pending' and next_attempt_at <= now()
               or state = 'sending' and (leased_until <= now() or held_by = any($3::integer[]) and ${isGone('held_by')}))
          and not exists (select
                            from outbox earlier
                           where earlier.channel_id = outbox.channel_id
                             and earlier.ordinal < outbox.ordinal
                             and earlier.state in ('pending', 'sending'))
        order by ordinal
        limit 1
          for update skip locked
     )
     update outbox
        set state = 'sending', attempts = attempts + 1, may_have_been_sent = may_have_been_sent or was_sending,
            leased_until = now() + $1 * interval '1 millisecond', held_by = $2
       from next
      where outbox.id = next.id
  returning outbox.id, guild_id, channel_id, run_id, kind, payload, attempts, may_have_been_sent, created_at`,
    [leaseMs, heldBy, gone],
  );
  return rows[0] === undefined ? null : toMessage(rows[0]);
}

type Sent = { readonly id: string; readonly messageId: string };

/** Notes that Discord accepted the message. True whoever says so, even a sender that lost its lease. */
export async function markSent(db: Db, { id, messageId }: Sent): Promise<void> {
  await db.query(
    `update outbox
        set state = 'sent', message_id = $2, sent_at = now(), leased_until = null, held_by = null, last_error = null
      where id = $1 and state <> 'sent'`,
    [id, messageId],
  );
}

/** Which of the attempts to send a message it is; when another has begun since, it has no say any more. */
type Attempt = Pick<ClaimedMessage, 'id' | 'attempts'> & { readonly error: string };

type Retry = Attempt & {
  readonly nextAttemptAtMs: number;
  /** True when the answer was lost, so that Discord may have the message. */
  readonly mayHaveBeenSent: boolean;
};

/** Gives a message back to be sent later; what was written after it in its channel waits for it. */
export async function releaseForRetry(db: Db, { id, attempts, error, nextAttemptAtMs, mayHaveBeenSent }: Retry): Promise<void> {
  await db.query(
    `update outbox
        set state = 'pending', leased_until = null, held_by = null, last_error = $3, next_attempt_at = $4,
            may_have_been_sent = may_have_been_sent or $5
      where id = $1 and state = 'sending' and attempts = $2`,
    [id, attempts, error, new Date(nextAttemptAtMs), mayHaveBeenSent],
  );
}

/** Messages to a guild that Discord has not accepted yet. */
export async function countPendingMessages(db: Db, guildId: string): Promise<number> {
  const { rows } = await db.query<{ messages: number }>(
    `select count(*)::integer as messages
       from outbox
      where guild_id = $1 and state in ('pending', 'sending')`,
    [guildId],
  );
  return rows[0]?.messages ?? 0;
}

/** Gives a message up; the next one in its channel may be sent. */
export async function markFailed(db: Db, { id, attempts, error }: Attempt): Promise<void> {
  await db.query(
    `update outbox
        set state = 'failed', leased_until = null, held_by = null, last_error = $3
      where id = $1 and state = 'sending' and attempts = $2`,
    [id, attempts, error],
  );
}

/** A nonce for Discord, at most 25 characters, the same whenever the same message is sent. */
export const nonceOf = (id: string): string => BigInt(`0x${id.replaceAll('-', '')}`).toString(36);

type ClaimedRow = {
  readonly id: string;
  readonly guild_id: string;
  readonly channel_id: string;
  readonly run_id: string | null;
  readonly kind: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly may_have_been_sent: boolean;
  readonly created_at: Date;
};

function toMessage(row: ClaimedRow): ClaimedMessage {
  return {
    id: row.id,
    guildId: row.guild_id,
    channelId: row.channel_id,
    runId: row.run_id,
    kind: row.kind,
    payload: row.payload,
    attempts: row.attempts,
    mayHaveBeenSent: row.may_have_been_sent,
    createdAtMs: row.created_at.getTime(),
  };
}
