import type { WorkKind } from '../engine/work.ts';
import type { Db, Tx } from './transaction.ts';

export const WORK_STATES = ['queued', 'running', 'done', 'refused', 'failed', 'cancelled'] as const;
export type WorkState = (typeof WORK_STATES)[number];

/** How far work is and whose it is. Whoever shows it to people must check the guild. */
export type WorkOutcome = {
  readonly state: WorkState;
  /** Why it was refused, or the reference of its failure. */
  readonly error: string | null;
  /** Who cancelled it; a Discord id. */
  readonly cancelledBy: string | null;
  readonly guildId: string;
  readonly channelId: string | null;
  readonly requestedBy: string | null;
};

type End = { readonly id: string; readonly reason: string };
type Cancel = { readonly id: string; readonly guildId: string; readonly cancelledBy: string };

/** What runs and fetches have in common: they wait, are worked on, and end once. Each write that ends work announces it. */
export type WorkRows = {
  /** On which the end of each is announced, with its id. */
  readonly endedChannel: string;
  /** Returns false when it has ended already. Work whose worker died is begun again and keeps the time of its first start. */
  readonly markRunning: (tx: Tx, id: string) => Promise<boolean>;
  /** Ends what asked for something we will not do. Returns false when it has ended already. */
  readonly refuse: (tx: Tx, end: End) => Promise<boolean>;
  /** Ends what broke. Returns false when it has ended already. */
  readonly fail: (tx: Tx, end: End) => Promise<boolean>;
  /** Ends it because a person of its guild wants it so. Returns false when it has ended already, or belongs to another guild. */
  readonly cancel: (tx: Tx, cancel: Cancel) => Promise<boolean>;
  /** For a write that has ended the work as done, when it has touched a row: says whether it was this one. */
  readonly announceEnd: (tx: Tx, id: string, rowCount: number | null) => Promise<boolean>;
  /** Null when there is none. */
  readonly readOutcome: (db: Db, id: string) => Promise<WorkOutcome | null>;
  /** Which place it has among those that wait, 1 being the next, whoever asked for them; null when it does not wait. */
  readonly queuePosition: (db: Db, id: string) => Promise<number | null>;
  /** All that was asked for at least so long ago and has not ended, the oldest first. */
  readonly listUnfinished: (db: Db, olderThanMs: number) => Promise<readonly { readonly id: string; readonly guildId: string }[]>;
};

/** The rows of one kind of work, which lie in a table of their own. */
function workRows(table: 'runs' | 'fetches' | 'comparison_runs', endedChannel: string): WorkRows {
  const announceEnd: WorkRows['announceEnd'] = async (tx, id, rowCount) => {
    if (rowCount !== 1) return false;
    await tx.query(`select pg_notify($1, $2)`, [endedChannel, id]);
    return true;
  };

  const endWithout = async (tx: Tx, { id, reason }: End, state: 'refused' | 'failed'): Promise<boolean> => {
    const { rowCount } = await tx.query(
      `update ${table}
          set state = $2, error = $3, finished_at = now()
        where id = $1 and state in ('queued', 'running')`,
      [id, state, reason],
    );
    return announceEnd(tx, id, rowCount);
  };

  return {
    endedChannel,
    announceEnd,
    refuse: (tx, end) => endWithout(tx, end, 'refused'),
    fail: (tx, end) => endWithout(tx, end, 'failed'),

    markRunning: async (tx, id) => {
      const { rowCount } = await tx.query(
        `update ${table}
            set state = 'running', started_at = coalesce(started_at, now())
          where id = $1 and state in ('queued', 'running')`,
        [id],
      );
      return rowCount === 1;
    },

    cancel: async (tx, { id, guildId, cancelledBy }) => {
      const { rowCount } = await tx.query(
        `update ${table}
            set state = 'cancelled', cancelled_by = $3, finished_at = now()
          where id = $1 and guild_id = $2 and state in ('queued', 'running')`,
        [id, guildId, cancelledBy],
      );
      return announceEnd(tx, id, rowCount);
    },

    readOutcome: async (db, id) => {
      const { rows } = await db.query<OutcomeRow>(
        `select state, error, cancelled_by, guild_id, channel_id, requested_by
           from ${table}
          where id = $1`,
        [id],
      );
      return rows[0] === undefined ? null : toOutcome(rows[0]);
    },

    queuePosition: async (db, id) => {
      const { rows } = await db.query<{ ahead: number }>(
        `select (select count(*)
                   from ${table} earlier
                  where earlier.state = 'queued' and (earlier.created_at, earlier.id) < (asked.created_at, asked.id))::integer as ahead
           from ${table} asked
          where id = $1 and state = 'queued'`,
        [id],
      );
      return rows[0] === undefined ? null : rows[0].ahead + 1;
    },

    listUnfinished: async (db, olderThanMs) => {
      const { rows } = await db.query<{ id: string; guild_id: string }>(
        `select id, guild_id
           from ${table}
          where state in ('queued', 'running')
            and created_at <= now() - make_interval(secs => $1::float8 / 1000)
          order by created_at, id`,
        [olderThanMs],
      );
      return rows.map(({ id, guild_id }) => ({ id, guildId: guild_id }));
    },
  };
}

export const WORK_ROWS: Readonly<Record<WorkKind, WorkRows>> = {
  run: workRows('runs', 'run_ended'),
  fetch: workRows('fetches', 'fetch_ended'),
  comparison: workRows('comparison_runs', 'comparison_ended'),
};

type OutcomeRow = {
  readonly state: WorkState;
  readonly error: string | null;
  readonly cancelled_by: string | null;
  readonly guild_id: string;
  readonly channel_id: string | null;
  readonly requested_by: string | null;
};

function toOutcome({ state, error, cancelled_by, guild_id, channel_id, requested_by }: OutcomeRow): WorkOutcome {
  return { state, error, cancelledBy: cancelled_by, guildId: guild_id, channelId: channel_id, requestedBy: requested_by };
}
