import type { Db, Tx } from './transaction.ts';

/** The reply to an interaction, which can be edited by whoever holds the token. The token is a secret while it lives: never log it. */
export type ReplyAddress = { readonly applicationId: string; readonly token: string; readonly repliedAtMs: number };

/** Notes which reply shows how far a run is. */
export async function keepReply(tx: Tx, { runId, reply }: { readonly runId: string; readonly reply: ReplyAddress }): Promise<void> {
  await tx.query(
    `insert into run_replies (run_id, application_id, token, replied_at)
     values ($1, $2, $3, $4)
         on conflict (run_id) do nothing`,
    [runId, reply.applicationId, reply.token, new Date(reply.repliedAtMs)],
  );
}

export async function forgetReply(db: Db, runId: string): Promise<void> {
  await db.query(`delete from run_replies where run_id = $1`, [runId]);
}

export type OpenReply = { readonly runId: string; readonly request: unknown; readonly createdAtMs: number; readonly reply: ReplyAddress };

/** The replies that can still be edited, oldest first; those whose time is over are forgotten. */
export async function takeOpenReplies(db: Db, { applicationId, sinceMs }: { readonly applicationId: string; readonly sinceMs: number }) {
  await db.query(`delete from run_replies where replied_at < $1`, [new Date(sinceMs)]);
  const { rows } = await db.query<OpenReplyRow>(
    `select run_id, token, replied_at, runs.request, runs.created_at
       from run_replies
       join runs on runs.id = run_id
      where application_id = $1
      order by replied_at, run_id`,
    [applicationId],
  );
  return rows.map(
    (row): OpenReply => ({
      runId: row.run_id,
      request: row.request,
      createdAtMs: row.created_at.getTime(),
      reply: { applicationId, token: row.token, repliedAtMs: row.replied_at.getTime() },
    }),
  );
}

type OpenReplyRow = {
  readonly run_id: string;
  readonly token: string;
  readonly replied_at: Date;
  readonly request: unknown;
  readonly created_at: Date;
};
