import { type Columns, cutToRange, dayOf, decodeColumns, encodeColumns, mergeColumns, splitByDay } from './daily-columns.ts';
import type { Db, Tx } from './transaction.ts';

/** A table that keeps series as one row of columns a day. */
export type DailyTable = {
  readonly name: 'candles' | 'funding';
  /** The columns that name a series. */
  readonly key: readonly string[];
  /** The column that tells how many entries a day has. */
  readonly count: string;
  readonly columnCount: number;
};

/** Days written in one statement: a year of 1m bars in one would be a text of 50 MB. */
const BATCH_DAYS = 64;

/** Entries read in one statement, a year of 5m bars: while an answer is taken apart the process hears of nothing else. */
const READ_ENTRIES = 106_000;

/** Adds entries to a series; where it has one of the same time, the new one takes its place. */
export async function saveDaily(tx: Tx, table: DailyTable, series: readonly string[], columns: Columns): Promise<void> {
  // Two writers of the same day would each replace it by a union that lacks the other's entries.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [JSON.stringify([table.name, ...series])]);
  const days = splitByDay(columns);
  for (let from = 0; from < days.length; from += BATCH_DAYS) await saveDays(tx, table, series, days.slice(from, from + BATCH_DAYS));
}

type Reading = {
  readonly startMs: number;
  readonly endMs: number;
  /** How many entries a full day has. */
  readonly entriesADay: number;
};

/** The entries with times in [startMs, endMs), in parts of a day; no part where the series has none on any of these days. */
export async function loadDaily(
  db: Db,
  { name, key, columnCount }: DailyTable,
  series: readonly string[],
  { startMs, endMs, entriesADay }: Reading,
): Promise<readonly Columns[]> {
  const [first, last] = [`$${key.length + 1}`, `$${key.length + 2}`];
  const days = Math.max(1, Math.floor(READ_ENTRIES / entriesADay));
  const parts: Columns[] = [];
  for (let fromDay: string | null = dayOf(startMs); fromDay !== null; ) {
    const { rows }: { rows: DayRow[] } = await db.query<DayRow>(
      `select (day + 1)::text as next_day, columns
         from ${name}
        where ${sameSeries(key)} and day between ${first} and ${last}
        order by day
        limit ${days}`,
      [...series, fromDay, dayOf(endMs - 1)],
    );
    for (const { columns } of rows) parts.push(cutToRange(decodeColumns(columns, columnCount), startMs, endMs));
    fromDay = rows.length < days ? null : (rows.at(-1)?.next_day ?? null);
  }
  return parts;
}

type DayRow = { readonly next_day: string; readonly columns: Buffer };

async function saveDays(
  tx: Tx,
  { name, key, count, columnCount }: DailyTable,
  series: readonly string[],
  days: ReturnType<typeof splitByDay>,
): Promise<void> {
  const next = key.length + 1;
  const { rows } = await tx.query<{ day: string; columns: Buffer }>(
    `select day::text, columns
       from ${name}
      where ${sameSeries(key)} and day = any ($${next}::date[])`,
    [...series, days.map(({ day }) => day)],
  );
  const saved = new Map(rows.map(({ day, columns }) => [day, decodeColumns(columns, columnCount)]));
  const merged = days.map(({ day, columns }) => {
    const older = saved.get(day);
    return older === undefined ? columns : mergeColumns(older, columns);
  });

  await tx.query(
    `insert into ${name} (${key.join(', ')}, day, ${count}, columns)
     select ${key.map((_, index) => `$${index + 1}`).join(', ')}, day, entries, columns
       from unnest($${next}::date[], $${next + 1}::integer[], $${next + 2}::bytea[]) as t (day, entries, columns)
         on conflict (${key.join(', ')}, day)
         do update set ${count} = excluded.${count}, columns = excluded.columns`,
    [...series, days.map(({ day }) => day), merged.map(([times]) => times.length), merged.map(encodeColumns)],
  );
}

const sameSeries = (key: readonly string[]): string => key.map((column, index) => `${column} = $${index + 1}`).join(' and ');
