import type { Timeframe } from '../engine/bar.ts';
import type { Instrument } from '../engine/instrument.ts';
import type { Db, Tx } from './transaction.ts';
import { WORK_ROWS, type WorkOutcome } from './work-rows.ts';

/** Bars that somebody wants, as the row keeps it: whoever works on it reads it from there. */
export type NewFetch = Pick<WorkOutcome, 'guildId' | 'channelId' | 'requestedBy'> & {
  readonly id: string;
  /** As ccxt names it. */
  readonly exchange: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly instrument: Instrument;
  /** Open times, half-open; ms UTC. */
  readonly startMs: number;
  readonly endMs: number;
};

export type Fetch = NewFetch &
  WorkOutcome & {
    /** How much of the range is kept, from 0 to 1. */
    readonly progress: number;
    /** Bars that were not kept before, so far. */
    readonly newBars: number;
    /** Which market it is, for people, and whether its funding was to be had; null until the fetch is done. */
    readonly market: string | null;
    readonly hasFunding: boolean | null;
    readonly createdAtMs: number;
    readonly startedAtMs: number | null;
    readonly finishedAtMs: number | null;
  };

export async function insertFetch(tx: Tx, fetch: NewFetch): Promise<void> {
  await tx.query(
    `insert into fetches (id, guild_id, channel_id, requested_by, exchange, symbol, timeframe, instrument, start_ms, end_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      fetch.id,
      fetch.guildId,
      fetch.channelId,
      fetch.requestedBy,
      fetch.exchange,
      fetch.symbol,
      fetch.timeframe,
      fetch.instrument,
      fetch.startMs,
      fetch.endMs,
    ],
  );
}

/** Notes that a page of bars is kept, in the transaction that keeps it, so that bars are counted once however often the work begins. */
export async function noteFetchedPage(
  tx: Tx,
  { id, bars, progress }: { readonly id: string; readonly bars: number; readonly progress: number },
): Promise<void> {
  await tx.query(
    `update fetches
        set new_bars = new_bars + $2, progress = greatest(progress, $3)
      where id = $1 and state in ('queued', 'running')`,
    [id, bars, progress],
  );
}

/** Returns false, and writes nothing, when the fetch has ended already: a job may run twice, its end is told once. */
export async function finishFetch(
  tx: Tx,
  { id, market, hasFunding }: { readonly id: string; readonly market: string; readonly hasFunding: boolean },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update fetches
        set state = 'done', progress = 1, market = $2, has_funding = $3, finished_at = now(), started_at = coalesce(started_at, now())
      where id = $1 and state in ('queued', 'running')`,
    [id, market, hasFunding],
  );
  return WORK_ROWS.fetch.announceEnd(tx, id, rowCount);
}

/** A fetch of this guild; null when there is none, or when it belongs to another. */
export async function findFetch(db: Db, { id, guildId }: { readonly id: string; readonly guildId: string }): Promise<Fetch | null> {
  const { rows } = await db.query<FetchRow>(
    `select id, guild_id, channel_id, requested_by, state, exchange, symbol, timeframe, instrument, start_ms, end_ms, progress, new_bars,
            market, has_funding, error, cancelled_by, created_at, started_at, finished_at
       from fetches
      where id = $1 and guild_id = $2`,
    [id, guildId],
  );
  return rows[0] === undefined ? null : toFetch(rows[0]);
}

type FetchRow = Pick<Fetch, 'id' | 'state' | 'exchange' | 'symbol' | 'timeframe' | 'instrument' | 'progress' | 'market' | 'error'> & {
  readonly guild_id: string;
  readonly channel_id: string | null;
  readonly requested_by: string | null;
  readonly start_ms: string;
  readonly end_ms: string;
  readonly new_bars: string;
  readonly has_funding: boolean | null;
  readonly cancelled_by: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
};

function toFetch(row: FetchRow): Fetch {
  const { id, state, exchange, symbol, timeframe, instrument, progress, market, error } = row;
  return {
    ...{ id, state, exchange, symbol, timeframe, instrument, progress, market, error },
    guildId: row.guild_id,
    channelId: row.channel_id,
    requestedBy: row.requested_by,
    startMs: Number(row.start_ms),
    endMs: Number(row.end_ms),
    newBars: Number(row.new_bars),
    hasFunding: row.has_funding,
    cancelledBy: row.cancelled_by,
    createdAtMs: row.created_at.getTime(),
    startedAtMs: row.started_at?.getTime() ?? null,
    finishedAtMs: row.finished_at?.getTime() ?? null,
  };
}
