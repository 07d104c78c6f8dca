import { z } from 'zod';
import { isGone } from './gone-holders.ts';
import type { Db, Tx } from './transaction.ts';

export type PressKind = 'command' | 'button';

/** A command or a button that somebody gave. The token is a secret while it lives: never log it. */
export type NewPress = {
  readonly interactionId: string;
  readonly applicationId: string;
  readonly token: string;
  readonly guildId: string;
  readonly channelId: string;
  readonly userId: string;
  readonly kind: PressKind;
  /** As it was typed, or the caption of the button. */
  readonly asked: string;
  readonly pressedAtMs: number;
};

/** A message that a command or a button had no answer, in the channel because its reply cannot be written any more. */
export const PRESS_LOST = 'press-lost';

/** What a message in the channel says of a press whose reply cannot be written any more. */
export const lostPressSchema = z.strictObject({
  kind: z.enum(['command', 'button']).describe('What was pressed'),
  asked: z.string().describe('As it was typed, or the caption of the button'),
  userId: z.string().describe('Who waits for an answer; a Discord id'),
});

export type LostPress = Readonly<z.infer<typeof lostPressSchema>>;

/** For how long somebody vouches for presses, and the number of the holder who does; null where only the lease is to say so. */
export type Vouching = { readonly leaseMs: number; readonly heldBy: number | null };

/** Writes presses down and returns the ids of those that nobody had written down before. */
export async function keepPresses(db: Db, presses: readonly NewPress[], { leaseMs, heldBy }: Vouching): Promise<ReadonlySet<string>> {
  const column = <Value>(read: (press: NewPress) => Value) => presses.map(read);
  const { rows } = await db.query<{ interaction_id: string }>(
    `insert into pressed_interactions
            (interaction_id, application_id, token, guild_id, channel_id, user_id, kind, asked, pressed_at, leased_until, held_by)
     select *, now() + $10 * interval '1 millisecond', $11::integer
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[])
         on conflict (interaction_id) do nothing
  returning interaction_id`,
    [
      column(({ interactionId }) => interactionId),
      column(({ applicationId }) => applicationId),
      column(({ token }) => token),
      column(({ guildId }) => guildId),
      column(({ channelId }) => channelId),
      column(({ userId }) => userId),
      column(({ kind }) => kind),
      column(({ asked }) => asked),
      column(({ pressedAtMs }) => new Date(pressedAtMs)),
      leaseMs,
      heldBy,
    ],
  );
  return new Set(rows.map(({ interaction_id }) => interaction_id));
}

/** Vouches again for presses that are being answered. One that was given up meanwhile stays so. */
export async function renewPresses(db: Db, interactionIds: readonly string[], { leaseMs, heldBy }: Vouching): Promise<void> {
  await db.query(
    `update pressed_interactions
        set leased_until = now() + $2 * interval '1 millisecond', held_by = $3
      where interaction_id = any($1) and answered_at is null and given_up_at is null`,
    [interactionIds, leaseMs, heldBy],
  );
}

/** Notes that presses have had their last word. */
export async function markAnswered(db: Db, interactionIds: readonly string[]): Promise<number> {
  const { rowCount } = await db.query(
    `update pressed_interactions
        set answered_at = now(), token = null
      where interaction_id = any($1) and answered_at is null`,
    [interactionIds],
  );
  return rowCount ?? 0;
}

/**
 * Makes what the transaction writes the owner of the reply. Returns false when the press was given up or has its answer already: then
 * nothing may come of it.
 */
export async function handOver(tx: Tx, interactionId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update pressed_interactions
        set answered_at = now(), token = null
      where interaction_id = $1 and answered_at is null and given_up_at is null`,
    [interactionId],
  );
  return rowCount === 1;
}

type Taking = Vouching & {
  readonly applicationId: string;
  readonly limit: number;
  /** Holders that were seen to be gone; they vouch for nothing, if they still are. */
  readonly gone: readonly number[];
};

/**
 * Gives up presses that nobody vouches for any more, and takes them to tell people so, for as long as the lease lasts and we are there;
 * the oldest first.
 */
export async function takeLostPresses(db: Db, { applicationId, leaseMs, heldBy, limit, gone }: Taking): Promise<readonly NewPress[]> {
  const { rows } = await db.query<LostRow>(
    `with lost as (
       select interaction_id
         from pressed_interactions
        where application_id = $1 and answered_at is null
          and (leased_until <= now() or held_by = any($5::integer[]) and ${isGone('held_by')})
        order by leased_until
        limit $3
          for update skip locked
     )
     update pressed_interactions
        set given_up_at = coalesce(given_up_at, now()), leased_until = now() + $2 * interval '1 millisecond', held_by = $4
       from lost
      where pressed_interactions.interaction_id = lost.interaction_id
  returning pressed_interactions.interaction_id, token, guild_id, channel_id, user_id, kind, asked, pressed_at`,
    [applicationId, leaseMs, limit, heldBy, gone],
  );
  return rows.map((row) => toPress(row, applicationId)).toSorted((one, other) => one.pressedAtMs - other.pressedAtMs);
}

/** Forgets presses that had their answer so long ago that Discord does not bring them again. */
export async function prunePresses(db: Db, answeredBeforeMs: number): Promise<void> {
  await db.query(`delete from pressed_interactions where answered_at < $1`, [new Date(answeredBeforeMs)]);
}

type LostRow = {
  readonly interaction_id: string;
  readonly token: string;
  readonly guild_id: string;
  readonly channel_id: string;
  readonly user_id: string;
  readonly kind: PressKind;
  readonly asked: string;
  readonly pressed_at: Date;
};

function toPress(row: LostRow, applicationId: string): NewPress {
  return {
    interactionId: row.interaction_id,
    applicationId,
    token: row.token,
    guildId: row.guild_id,
    channelId: row.channel_id,
    userId: row.user_id,
    kind: row.kind,
    asked: row.asked,
    pressedAtMs: row.pressed_at.getTime(),
  };
}
