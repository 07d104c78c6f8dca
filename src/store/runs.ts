import type { EquityCurve } from '../engine/equity-curve.ts';
import type { Evidence } from '../engine/evidence.ts';
import type { InputParts, RunResult } from '../engine/result.ts';
import { tallyReplans } from './run-events.ts';
import type { Db, Tx } from './transaction.ts';
import { insertWalkAwayEvents } from './walk-away-events.ts';
import { WORK_ROWS, type WorkState } from './work-rows.ts';

const { announceEnd } = WORK_ROWS.run;

/** What runs have in common with all work. */
export const {
  markRunning,
  refuse: refuseRun,
  fail: failRun,
  cancel: cancelRun,
  readOutcome,
  queuePosition,
  listUnfinished: listUnfinishedRuns,
} = WORK_ROWS.run;

export type RunState = WorkState;

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

/**
 * Ends a run with its result, and with what the histories of a guild read of it. Returns false, and writes nothing, when it has ended
 * already: a job may run twice, its end is told once.
 */
export async function finishRun(tx: Tx, { id, result }: { readonly id: string; readonly result: RunResult }): Promise<boolean> {
  const { equity, ...rest } = result;
  const { input_hash, result_hash, engine_version, events, summary } = result;
  const replanCounts = JSON.stringify(tallyReplans(events));
  const { rowCount } = await tx.query(
    `update runs
        set state = 'done', finished_at = now(), started_at = coalesce(started_at, now()),
            input_hash = $2, result_hash = $3, engine_version = $4, result = $5, equity = $6, replan_counts = $7
      where id = $1 and state in ('queued', 'running')`,
    [id, input_hash, result_hash, engine_version, JSON.stringify(rest), encodeEquity(equity), replanCounts],
  );
  if (rowCount === 1) await insertWalkAwayEvents(tx, { runId: id, events: summary.walk_away_events });
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

type Later = { readonly evidence: Evidence | null; readonly input_parts: InputParts | null };

const LATER: Later = { evidence: null, input_parts: null };

type RunRow = {
  readonly id: string;
  readonly guild_id: string;
  readonly channel_id: string | null;
  readonly requested_by: string | null;
  readonly request: unknown;
  readonly state: RunState;
  /** Runs of older versions have neither evidence nor the hashes of their parts. */
  readonly result: (Omit<RunResult, 'equity' | keyof Later> & Partial<Later>) | null;
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
    result: row.result === null || row.equity === null ? null : { ...LATER, ...row.result, equity: decodeEquity(row.equity) },
    error: row.error,
    cancelledBy: row.cancelled_by,
    createdAtMs: row.created_at.getTime(),
    startedAtMs: row.started_at?.getTime() ?? null,
    finishedAtMs: row.finished_at?.getTime() ?? null,
  };
}

const PAIR_BYTES = 16;

function encodeEquity({ timesMs, values }: EquityCurve): Buffer {
  const bytes = Buffer.alloc(timesMs.length * PAIR_BYTES);
  for (let index = 0; index < timesMs.length; index++) {
    bytes.writeDoubleLE(timesMs[index] as number, index * PAIR_BYTES);
    bytes.writeDoubleLE(values[index] as number, index * PAIR_BYTES + PAIR_BYTES / 2);
  }
  return bytes;
}

export function decodeEquity(bytes: Buffer): EquityCurve {
  const timesMs = new Float64Array(bytes.length / PAIR_BYTES);
  const values = new Float64Array(timesMs.length);
  for (let index = 0; index < timesMs.length; index++) {
    timesMs[index] = bytes.readDoubleLE(index * PAIR_BYTES);
    values[index] = bytes.readDoubleLE(index * PAIR_BYTES + PAIR_BYTES / 2);
  }
  return { timesMs, values };
}
