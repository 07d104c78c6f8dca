import { z } from 'zod';
import { TIMEFRAME_MS, type Timeframe } from '../../engine/bar.ts';
import { checkCandles } from '../../engine/candle-check.ts';
import { allocateCandles, CANDLE_COLUMNS, type Candles } from '../../engine/candles.ts';
import { Refusal } from '../../engine/refusal.ts';

/** One answer of an exchange, read. */
export type CandlePage = {
  /** The bars inside the range, oldest first, each once, all good. */
  readonly candles: Candles;
  /** Open times of what the exchange sent, wanted or not, null where it sent no such bar: the oldest, the first from the start on, the newest. */
  readonly oldestMs: number | null;
  readonly firstMs: number | null;
  readonly newestMs: number | null;
};

export type PageRange = {
  readonly exchangeName: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** Bars that open in [startMs, endMs) are wanted. The end is not after now, so that a bar still open is behind it. */
  readonly startMs: number;
  readonly endMs: number;
  readonly nowMs: number;
};

/** A bar as ccxt makes it of an answer: what it could not read is missing or undefined. */
const rowsSchema = z.array(z.array(z.unknown()));

type Row = readonly number[];

/** Times below are seconds: as milliseconds they lie in early 1973. */
const SECONDS_BELOW_MS = 1e11;

/** The wanted bars of an answer, or a Refusal that names the exchange, the symbol and the time of the bar that is bad. */
export function readCandlePage(answer: unknown, range: PageRange): CandlePage {
  const rows = rowsSchema.parse(answer).map((row): Row => CANDLE_COLUMNS.map((_, column) => toNumber(row[column])));
  for (const row of rows) checkTime(row, range);
  const sorted = rows.toSorted((a, b) => timeOf(a) - timeOf(b));
  const wanted = dropRepeats(sorted.filter((row) => timeOf(row) >= range.startMs && timeOf(row) < range.endMs));
  const candles = allocateCandles(wanted.length);
  wanted.forEach((row, index) => {
    CANDLE_COLUMNS.forEach((name, column) => {
      candles[name][index] = row[column] as number;
    });
  });
  refuseBad(candles, range);
  const times = sorted.map(timeOf);
  const firstMs = times.find((timeMs) => timeMs >= range.startMs) ?? null;
  return { candles, oldestMs: times[0] ?? null, firstMs, newestMs: times.at(-1) ?? null };
}

const toNumber = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

const timeOf = (row: Row): number => row[0] as number;

/** A bar without a believable time cannot be sorted, let alone be found outside of the range. */
function checkTime(row: Row, range: PageRange): void {
  const timeMs = timeOf(row);
  if (!Number.isFinite(timeMs)) throw refuse(range, `a bar without a time (its prices are ${row.slice(1, 5).join(', ')})`);
  if (timeMs > 0 && timeMs < SECONDS_BELOW_MS) {
    throw refuse(range, `a bar at ${timeMs}, which looks like seconds (${spell(timeMs * 1000)}); wanted milliseconds`);
  }
  // Its clock and ours may differ; by more than a bar they do not.
  if (timeMs > range.nowMs + TIMEFRAME_MS[range.timeframe]) {
    throw refuse(range, `a bar at ${spell(timeMs)}, which is in the future; it is ${spell(range.nowMs)}`);
  }
}

/** The same bar twice is one bar; the same time with other numbers is left to the check, which refuses it. */
function dropRepeats(sorted: readonly Row[]): Row[] {
  return sorted.filter((row, index) => {
    const before = sorted[index - 1];
    return before === undefined || !row.every((value, column) => Object.is(value, before[column]));
  });
}

function refuseBad(candles: Candles, range: PageRange): void {
  const bad = checkCandles(candles, range.timeframe);
  if (bad !== null) throw refuse(range, `a bad bar at ${spell(candles.openTimeMs[bad.row] as number)}: ${bad.reason}`);
}

function refuse({ exchangeName, symbol, timeframe }: PageRange, seen: string): Refusal {
  return new Refusal(
    `${exchangeName} sent ${seen} among the ${timeframe} bars of ${symbol}. Nothing of that page was kept; try again later, or take the bars from another exchange or a CSV file.`,
  );
}

export function spell(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? `${timeMs}` : date.toISOString().replace('.000Z', 'Z');
}
