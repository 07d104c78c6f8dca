import type { Db, Tx } from './transaction.ts';

/** Open times from fromMs up to and without toMs; ms UTC. */
export type FetchedRange = { readonly fromMs: number; readonly toMs: number };

/** A series of an exchange: bars of a timeframe, or funding rates. */
export type FetchedSeries = { readonly source: string; readonly symbol: string; readonly timeframe: string };

/** What is kept of the series, oldest first. */
export async function readFetchedRanges(db: Db, { source, symbol, timeframe }: FetchedSeries): Promise<readonly FetchedRange[]> {
  const { rows } = await db.query<{ readonly from_ms: string; readonly to_ms: string }>(
    `select from_ms, to_ms
       from fetched_ranges
      where source = $1 and symbol = $2 and timeframe = $3
      order by from_ms`,
    [source, symbol, timeframe],
  );
  return rows.map(({ from_ms, to_ms }) => ({ fromMs: Number(from_ms), toMs: Number(to_ms) }));
}

/** Adds a range and joins it with those it touches. Two processes that fetch the same series wait for each other here. */
export async function addFetchedRange(tx: Tx, { source, symbol, timeframe, fromMs, toMs }: FetchedSeries & FetchedRange): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`fetched ${source} ${symbol} ${timeframe}`]);
  const { rows } = await tx.query<{ readonly from_ms: string | null; readonly to_ms: string | null }>(
    `with touching as (
       delete from fetched_ranges
        where source = $1 and symbol = $2 and timeframe = $3 and from_ms <= $5 and to_ms >= $4
       returning from_ms, to_ms
     )
     select min(from_ms) as from_ms, max(to_ms) as to_ms from touching`,
    [source, symbol, timeframe, fromMs, toMs],
  );
  const joinedFromMs = Math.min(fromMs, Number(rows[0]?.from_ms ?? fromMs));
  const joinedToMs = Math.max(toMs, Number(rows[0]?.to_ms ?? toMs));
  await tx.query(`insert into fetched_ranges (source, symbol, timeframe, from_ms, to_ms) values ($1, $2, $3, $4, $5)`, [
    source,
    symbol,
    timeframe,
    joinedFromMs,
    joinedToMs,
  ]);
}
