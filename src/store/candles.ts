import type { Timeframe } from '../engine/bar.ts';
import { allocateCandles, CANDLE_COLUMNS, type Candles, sliceCandles } from '../engine/candles.ts';
import {
  type Columns,
  countRows,
  cutToRange,
  dayOf,
  decodeColumns,
  encodeColumns,
  fillColumns,
  mergeColumns,
  splitByDay,
} from './daily-columns.ts';
import type { Db, Tx } from './transaction.ts';

/** One market as one source tells it. The source is `file:…`, `simulated:…` or `ccxt:…`. */
export type Series = { readonly source: string; readonly symbol: string; readonly timeframe: Timeframe };

export type Coverage = { readonly firstOpenMs: number; readonly lastOpenMs: number; readonly bars: number };

/** Days written in one statement: a year of 1m bars in one would be a text of 50 MB. */
const BATCH_DAYS = 64;

/** Adds bars to a series; where it has a bar of the same time, the new one takes its place. */
export async function saveCandles(tx: Tx, { candles, ...series }: Series & { readonly candles: Candles }): Promise<void> {
  await lockSeries(tx, series);
  const days = splitByDay(columnsOf(candles));
  for (let from = 0; from < days.length; from += BATCH_DAYS) await saveDays(tx, series, days.slice(from, from + BATCH_DAYS));
}

/** The bars that open in [startMs, endMs); none is a value. */
export async function loadCandles(db: Db, { source, symbol, timeframe, startMs, endMs }: Series & Range): Promise<Candles> {
  if (startMs >= endMs) return allocateCandles(0);
  const { rows } = await db.query<{ columns: Buffer }>(
    `select columns
       from candles
      where source = $1 and symbol = $2 and timeframe = $3 and day between $4 and $5
      order by day`,
    [source, symbol, timeframe, dayOf(startMs), dayOf(endMs - 1)],
  );
  return joinDays(rows, startMs, endMs);
}

/** The last bars that open before a time, fewer where the series has no more. */
export async function loadLastBars(db: Db, { source, symbol, timeframe, beforeMs, bars }: Series & Last): Promise<Candles> {
  // The day of the limit itself may hold later bars, so it is read but not counted on.
  const { rows } = await db.query<{ columns: Buffer }>(
    `with counted as (
       select day,
              coalesce(sum(bar_count) filter (where day < $4) over later, 0) as bars_after
         from candles
        where source = $1 and symbol = $2 and timeframe = $3 and day <= $4
       window later as (order by day desc rows between unbounded preceding and 1 preceding)
     )
     select columns
       from candles
      where source = $1 and symbol = $2 and timeframe = $3
        and day between (select min(day) from counted where bars_after < $5) and $4
      order by day`,
    [source, symbol, timeframe, dayOf(beforeMs), bars],
  );
  const candles = joinDays(rows, -Infinity, beforeMs);
  return sliceCandles(candles, Math.max(0, candles.openTimeMs.length - bars), candles.openTimeMs.length);
}

/** What a series holds, gaps and all; null when there is no such series. */
export async function readCoverage(db: Db, { source, symbol, timeframe }: Series): Promise<Coverage | null> {
  const { rows } = await db.query<{ bars: number; first: Buffer; last: Buffer }>(
    `with series as (
       select day, bar_count, columns
         from candles
        where source = $1 and symbol = $2 and timeframe = $3
     )
     select (select sum(bar_count) from series)::float8                                                 as bars,
            (select substring(columns from 1 for 8) from series order by day limit 1)                   as first,
            (select substring(columns from bar_count * 8 - 7 for 8) from series order by day desc limit 1) as last
      where exists (select from series)`,
    [source, symbol, timeframe],
  );
  const [row] = rows;
  return row === undefined ? null : { firstOpenMs: row.first.readDoubleLE(), lastOpenMs: row.last.readDoubleLE(), bars: row.bars };
}

type Range = { readonly startMs: number; readonly endMs: number };
type Last = { readonly beforeMs: number; readonly bars: number };

/** Two writers of the same day would each replace it by a union that lacks the other's bars. */
async function lockSeries(tx: Tx, { source, symbol, timeframe }: Series): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [JSON.stringify(['candles', source, symbol, timeframe])]);
}

async function saveDays(tx: Tx, { source, symbol, timeframe }: Series, days: ReturnType<typeof splitByDay>): Promise<void> {
  const { rows } = await tx.query<{ day: string; columns: Buffer }>(
    `select day::text, columns
       from candles
      where source = $1 and symbol = $2 and timeframe = $3 and day = any ($4::date[])`,
    [source, symbol, timeframe, days.map(({ day }) => day)],
  );
  const saved = new Map(rows.map(({ day, columns }) => [day, decodeColumns(columns, CANDLE_COLUMNS.length)]));
  const merged = days.map(({ day, columns }) => {
    const older = saved.get(day);
    return older === undefined ? columns : mergeColumns(older, columns);
  });

  await tx.query(
    `insert into candles (source, symbol, timeframe, day, bar_count, columns)
     select $1, $2, $3, day, bar_count, columns
       from unnest($4::date[], $5::integer[], $6::bytea[]) as t (day, bar_count, columns)
         on conflict (source, symbol, timeframe, day)
         do update set bar_count = excluded.bar_count, columns = excluded.columns`,
    [source, symbol, timeframe, days.map(({ day }) => day), merged.map(([times]) => times.length), merged.map(encodeColumns)],
  );
}

function joinDays(rows: readonly { readonly columns: Buffer }[], startMs: number, endMs: number): Candles {
  const parts = rows.map(({ columns }) => cutToRange(decodeColumns(columns, CANDLE_COLUMNS.length), startMs, endMs));
  const candles = allocateCandles(countRows(parts));
  fillColumns(columnsOf(candles), parts);
  return candles;
}

const columnsOf = ({ openTimeMs, open, high, low, close, volume }: Candles): Columns => [openTimeMs, open, high, low, close, volume];
