import type { Work, WorkKind } from '../engine/work.ts';
import type { Db, Tx } from './transaction.ts';

/** The reply to an interaction, which can be edited by whoever holds the token. The token is a secret while it lives: never log it. */
export type ReplyAddress = { readonly applicationId: string; readonly token: string; readonly repliedAtMs: number };

/** Where the replies of each kind of work are kept, and whose they are. */
const TABLES = {
  run: { replies: 'run_replies', id: 'run_id', work: 'runs' },
  fetch: { replies: 'fetch_replies', id: 'fetch_id', work: 'fetches' },
  comparison: { replies: 'comparison_replies', id: 'comparison_id', work: 'comparison_runs' },
} as const satisfies Record<WorkKind, unknown>;

/** Notes which reply shows how far work is. */
export async function keepReply(tx: Tx, { work, reply }: { readonly work: Work; readonly reply: ReplyAddress }): Promise<void> {
  const { replies, id } = TABLES[work.kind];
  await tx.query(
    `insert into ${replies} (${id}, application_id, token, replied_at)
     values ($1, $2, $3, $4)
         on conflict (${id}) do nothing`,
    [work.id, reply.applicationId, reply.token, new Date(reply.repliedAtMs)],
  );
}

export async function forgetReply(db: Db, work: Work): Promise<void> {
  const { replies, id } = TABLES[work.kind];
  await db.query(`delete from ${replies} where ${id} = $1`, [work.id]);
}

export type OpenReply = { readonly work: Work & { readonly guildId: string }; readonly createdAtMs: number; readonly reply: ReplyAddress };

type Wanted = { readonly kind: WorkKind; readonly applicationId: string; readonly sinceMs: number };

/** The replies that can still be edited, oldest first; those whose time is over are forgotten. */
export async function takeOpenReplies(db: Db, { kind, applicationId, sinceMs }: Wanted): Promise<readonly OpenReply[]> {
  const { replies, id, work } = TABLES[kind];
  await db.query(`delete from ${replies} where replied_at < $1`, [new Date(sinceMs)]);
  const { rows } = await db.query<OpenReplyRow>(
    `select asked.id, asked.guild_id, asked.created_at, token, replied_at
       from ${replies}
       join ${work} asked on asked.id = ${id}
      where application_id = $1
      order by replied_at, asked.id`,
    [applicationId],
  );
  return rows.map((row) => ({
    work: { kind, id: row.id, guildId: row.guild_id },
    createdAtMs: row.created_at.getTime(),
    reply: { applicationId, token: row.token, repliedAtMs: row.replied_at.getTime() },
  }));
}

type OpenReplyRow = {
  readonly id: string;
  readonly guild_id: string;
  readonly created_at: Date;
  readonly token: string;
  readonly replied_at: Date;
};
