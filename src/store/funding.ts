import type { FundingRates } from '../engine/candles.ts';
import { countRows, fillColumns } from './daily-columns.ts';
import { type DailyTable, loadDaily, saveDaily } from './daily-rows.ts';
import type { Db, Tx } from './transaction.ts';

/** Funding of one perpetual as one source tells it. */
export type FundingSeries = { readonly source: string; readonly symbol: string };

const TABLE: DailyTable = { name: 'funding', key: ['source', 'symbol'], count: 'rate_count', columnCount: 2 };

/** Adds rates to a series; where it has a rate of the same time, the new one takes its place. */
export async function saveFunding(tx: Tx, { source, symbol, funding }: FundingSeries & { readonly funding: FundingRates }): Promise<void> {
  await saveDaily(tx, TABLE, [source, symbol], [funding.timeMs, funding.rate]);
}

/** No exchange settles more often. */
const HOURLY = 24;

type Range = { readonly startMs: number; readonly endMs: number };

/** The rates due in [startMs, endMs), maybe none; null when there is no series at all, so that nobody takes "unknown" for "free". */
export async function loadFunding(db: Db, { source, symbol, ...range }: FundingSeries & Range): Promise<FundingRates | null> {
  const parts = await loadDaily(db, TABLE, [source, symbol], { ...range, entriesADay: HOURLY });
  if (parts.length === 0 && !(await hasFunding(db, { source, symbol }))) return null;

  const funding = { timeMs: new Float64Array(countRows(parts)), rate: new Float64Array(countRows(parts)) };
  fillColumns([funding.timeMs, funding.rate], parts);
  return funding;
}

async function hasFunding(db: Db, { source, symbol }: FundingSeries): Promise<boolean> {
  const { rowCount } = await db.query(`select from funding where source = $1 and symbol = $2 limit 1`, [source, symbol]);
  return rowCount === 1;
}
