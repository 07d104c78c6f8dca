import type { FundingRates } from '../engine/candles.ts';
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

/** Funding of one perpetual as one source tells it. */
export type FundingSeries = { readonly source: string; readonly symbol: string };

const COLUMN_COUNT = 2;

/** Adds rates to a series; where it has a rate of the same time, the new one takes its place. */
export async function saveFunding(tx: Tx, { source, symbol, funding }: FundingSeries & { readonly funding: FundingRates }): Promise<void> {
  // Two writers of the same day would each replace it by a union that lacks the other's rates.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [JSON.stringify(['funding', source, symbol])]);
  const days = splitByDay([funding.timeMs, funding.rate]);

  const { rows } = await tx.query<{ day: string; columns: Buffer }>(
    `select day::text, columns
       from funding
      where source = $1 and symbol = $2 and day = any ($3::date[])`,
    [source, symbol, days.map(({ day }) => day)],
  );
  const saved = new Map(rows.map(({ day, columns }) => [day, decodeColumns(columns, COLUMN_COUNT)]));
  const merged = days.map(({ day, columns }) => {
    const older = saved.get(day);
    return older === undefined ? columns : mergeColumns(older, columns);
  });

  await tx.query(
    `insert into funding (source, symbol, day, rate_count, columns)
     select $1, $2, day, rate_count, columns
       from unnest($3::date[], $4::integer[], $5::bytea[]) as t (day, rate_count, columns)
         on conflict (source, symbol, day)
         do update set rate_count = excluded.rate_count, columns = excluded.columns`,
    [source, symbol, days.map(({ day }) => day), merged.map(([times]) => times.length), merged.map(encodeColumns)],
  );
}

type Range = { readonly startMs: number; readonly endMs: number };

/** The rates due in [startMs, endMs), maybe none; null when there is no series at all, so that nobody takes "unknown" for "free". */
export async function loadFunding(db: Db, { source, symbol, startMs, endMs }: FundingSeries & Range): Promise<FundingRates | null> {
  const { rows } = await db.query<{ columns: Buffer }>(
    `select columns
       from funding
      where source = $1 and symbol = $2 and day between $3 and $4
      order by day`,
    [source, symbol, dayOf(startMs), dayOf(endMs)],
  );
  if (rows.length === 0 && !(await hasFunding(db, { source, symbol }))) return null;

  const parts = rows.map(({ columns }) => cutToRange(decodeColumns(columns, COLUMN_COUNT), startMs, endMs));
  const funding = { timeMs: new Float64Array(countRows(parts)), rate: new Float64Array(countRows(parts)) };
  const target: Columns = [funding.timeMs, funding.rate];
  fillColumns(target, parts);
  return funding;
}

async function hasFunding(db: Db, { source, symbol }: FundingSeries): Promise<boolean> {
  const { rowCount } = await db.query(`select from funding where source = $1 and symbol = $2 limit 1`, [source, symbol]);
  return rowCount === 1;
}
