import type { RunResult } from '../engine/result.ts';
import type { Db, Tx } from './transaction.ts';

export const RUN_STATES = ['queued', 'running', 'done', 'refused', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** On which the end of every run is announced, with its id: `listen run_ended`. */
export const RUN_ENDED_CHANNEL = 'run_ended';

export type NewRun = {
  readonly id: string;
  readonly guildId: string;
  readonly channelId: string | null;
  readonly requestedBy: string | null;
  /** What was asked for, as the job carries it. */
  readonly request: unknown;
};

export type Run = NewRun & {
  readonly state: RunState;
  /** Present when the run is done. */
  readonly result: RunResult | null;
  /** Why the run was refused or failed. */
  readonly error: string | null;
  /** Who cancelled it; a Discord id. */
  readonly cancelledBy: string | null;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
};

/** Returns false, and writes nothing, when a run of that id exists already. */
export async function insertRun(tx: Tx, { id, guildId, channelId, requestedBy, request }: NewRun): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into runs (id, guild_id, channel_id, requested_by, request)
     values ($1, $2, $3, $4, $5)
         on conflict (id) do nothing`,
    [id, guildId, channelId, requestedBy, JSON.stringify(request)],
  );
  return rowCount === 1;
}

/** Returns false when the run has ended already. A run whose worker died is begun again and keeps the time of its first start. */
export async function markRunning(tx: Tx, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update runs
        set state = 'running', started_at = coalesce(started_at, now())
      where id = $1 and state in ('queued', 'running')`,
    [id],
  );
  return rowCount === 1;
}

/** Returns false, and writes nothing, when the run has ended already: a job may run twice, its end is told once. */
export async function finishRun(tx: Tx, { id, result }: { readonly id: string; readonly result: RunResult }): Promise<boolean> {
  const { equity, ...rest } = result;
  const { rowCount } = await tx.query(
    `update runs
        set state = 'done', finished_at = now(), started_at = coalesce(started_at, now()),
            input_hash = $2, result_hash = $3, engine_version = $4, result = $5, equity = $6
      where id = $1 and state in ('queued', 'running')`,
    [id, result.input_hash, result.result_hash, result.engine_version, JSON.stringify(rest), encodeEquity(equity)],
  );
  return announceEnd(tx, id, rowCount);
}

type End = { readonly id: string; readonly reason: string };

/** Ends a run that asked for something we will not do. Returns false when it has ended already. */
export const refuseRun = (tx: Tx, end: End): Promise<boolean> => endWithout(tx, end, 'refused');

/** Ends a run that broke. Returns false when it has ended already. */
export const failRun = (tx: Tx, end: End): Promise<boolean> => endWithout(tx, end, 'failed');

/** Ends a run because a person of its guild wants it so. Returns false when it has ended already, or belongs to another guild. */
export async function cancelRun(
  tx: Tx,
  { id, guildId, cancelledBy }: { readonly id: string; readonly guildId: string; readonly cancelledBy: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update runs
        set state = 'cancelled', cancelled_by = $3, finished_at = now()
      where id = $1 and guild_id = $2 and state in ('queued', 'running')`,
    [id, guildId, cancelledBy],
  );
  return announceEnd(tx, id, rowCount);
}

/** A run of this guild; null when there is none, or when it belongs to another. */
export async function findRun(db: Db, { id, guildId }: { readonly id: string; readonly guildId: string }): Promise<Run | null> {
  const { rows } = await db.query<RunRow>(
    `select id, guild_id, channel_id, requested_by, request, state, result, equity, error, cancelled_by, created_at, started_at,
            finished_at
       from runs
      where id = $1 and guild_id = $2`,
    [id, guildId],
  );
  return rows[0] === undefined ? null : toRun(rows[0]);
}

export type RunOutcome = Pick<Run, 'state' | 'error' | 'cancelledBy' | 'guildId' | 'channelId' | 'requestedBy'>;

/** How far a run is and whose it is, without its result; null when there is none. Whoever shows it to people must check the guild. */
export async function readOutcome(db: Db, id: string): Promise<RunOutcome | null> {
  const { rows } = await db.query<Pick<RunRow, 'state' | 'error' | 'cancelled_by' | 'guild_id' | 'channel_id' | 'requested_by'>>(
    `select state, error, cancelled_by, guild_id, channel_id, requested_by
       from runs
      where id = $1`,
    [id],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const { state, error, cancelled_by: cancelledBy, guild_id: guildId, channel_id: channelId, requested_by: requestedBy } = row;
  return { state, error, cancelledBy, guildId, channelId, requestedBy };
}

type RunRow = {
  readonly id: string;
  readonly guild_id: string;
  readonly channel_id: string | null;
  readonly requested_by: string | null;
  readonly request: unknown;
  readonly state: RunState;
  readonly result: Omit<RunResult, 'equity'> | null;
  readonly equity: Buffer | null;
  readonly error: string | null;
  readonly cancelled_by: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
};

function toRun(row: RunRow): Run {
  return {
    id: row.id,
    guildId: row.guild_id,
    channelId: row.channel_id,
    requestedBy: row.requested_by,
    request: row.request,
    state: row.state,
    result: row.result === null || row.equity === null ? null : { ...row.result, equity: decodeEquity(row.equity) },
    error: row.error,
    cancelledBy: row.cancelled_by,
    createdAtMs: row.created_at.getTime(),
    startedAtMs: row.started_at?.getTime() ?? null,
    finishedAtMs: row.finished_at?.getTime() ?? null,
  };
}

async function endWithout(tx: Tx, { id, reason }: End, state: 'refused' | 'failed'): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update runs
        set state = $2, error = $3, finished_at = now()
      where id = $1 and state in ('queued', 'running')`,
    [id, state, reason],
  );
  return announceEnd(tx, id, rowCount);
}

async function announceEnd(tx: Tx, id: string, rowCount: number | null): Promise<boolean> {
  if (rowCount !== 1) return false;
  await tx.query(`select pg_notify($1, $2)`, [RUN_ENDED_CHANNEL, id]);
  return true;
}

const PAIR_BYTES = 16;

function encodeEquity(equity: RunResult['equity']): Buffer {
  const bytes = Buffer.alloc(equity.length * PAIR_BYTES);
  equity.forEach(([timeMs, value], index) => {
    bytes.writeDoubleLE(timeMs, index * PAIR_BYTES);
    bytes.writeDoubleLE(value, index * PAIR_BYTES + PAIR_BYTES / 2);
  });
  return bytes;
}

function decodeEquity(bytes: Buffer): RunResult['equity'] {
  return Array.from({ length: bytes.length / PAIR_BYTES }, (_, index) => [
    bytes.readDoubleLE(index * PAIR_BYTES),
    bytes.readDoubleLE(index * PAIR_BYTES + PAIR_BYTES / 2),
  ]);
}
