import { DAY_MS, TIMEFRAME_MS, type Timeframe } from '../engine/bar.ts';
import { allocateCandles, CANDLE_COLUMNS, type Candles } from '../engine/candles.ts';
import { type Columns, countRows, fillColumns } from './daily-columns.ts';
import { type DailyTable, loadDaily, saveDaily } from './daily-rows.ts';
import type { Db, Tx } from './transaction.ts';

/** One market as one source tells it. The source is `file:…`, `simulated:…` or `ccxt:…`. */
export type Series = { readonly source: string; readonly symbol: string; readonly timeframe: Timeframe };

export type Coverage = { readonly firstOpenMs: number; readonly lastOpenMs: number; readonly bars: number };

const TABLE: DailyTable = {
  name: 'candles',
  key: ['source', 'symbol', 'timeframe'],
  count: 'bar_count',
  columnCount: CANDLE_COLUMNS.length,
};

/** Adds bars to a series; where it has a bar of the same time, the new one takes its place. */
export async function saveCandles(tx: Tx, { candles, source, symbol, timeframe }: Series & { readonly candles: Candles }): Promise<void> {
  await saveDaily(tx, TABLE, [source, symbol, timeframe], columnsOf(candles));
}

/** The bars that open in [startMs, endMs); none is a value. */
export async function loadCandles(db: Db, { source, symbol, timeframe, ...range }: Series & Range): Promise<Candles> {
  if (range.startMs >= range.endMs) return allocateCandles(0);
  const entriesADay = DAY_MS / TIMEFRAME_MS[timeframe];
  return joinDays(await loadDaily(db, TABLE, [source, symbol, timeframe], { ...range, entriesADay }));
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
function joinDays(parts: readonly Columns[]): Candles {
  const candles = allocateCandles(countRows(parts));
  fillColumns(columnsOf(candles), parts);
  return candles;
}

const columnsOf = ({ openTimeMs, open, high, low, close, volume }: Candles): Columns => [openTimeMs, open, high, low, close, volume];
