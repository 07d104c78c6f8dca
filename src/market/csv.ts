import { TIMEFRAME_MS, TIMEFRAMES, type Timeframe } from '../engine/bar.ts';
import { checkCandles } from '../engine/candle-check.ts';
import { allocateCandles, CANDLE_COLUMNS, type Candles, type FundingRates } from '../engine/candles.ts';
import { Refusal } from '../engine/refusal.ts';
import { type CsvNumbers, readCsvNumbers } from './csv-numbers.ts';
import { findUsualStepMs } from './usual-step.ts';

export const CANDLE_HEADER = ['timestamp', 'open', 'high', 'low', 'close', 'volume'] as const;
export const FUNDING_HEADER = ['timestamp', 'rate'] as const;

export type CandleFile = { readonly candles: Candles; readonly timeframe: Timeframe };

/** The bars of a CSV file, plain or gzip, whole and checked, or a Refusal that names the row. A null timeframe is read off the times. */
export function parseCandlesCsv(
  bytes: Uint8Array,
  { fileName, timeframe: told }: { readonly fileName: string; readonly timeframe: Timeframe | null },
): CandleFile {
  const numbers = readCsvNumbers(bytes, fileName, CANDLE_HEADER);
  const candles = toCandles(numbers);
  const timeframe = told === null ? inferTimeframe(candles, numbers, fileName) : confirmTimeframe(candles, fileName, told);
  const bad = checkCandles(candles, timeframe);
  if (bad !== null) throw numbers.refuseRow(bad.row, bad.reason);
  return { candles, timeframe };
}

function toCandles({ values, rowCount }: CsvNumbers): Candles {
  const candles = allocateCandles(rowCount);
  CANDLE_COLUMNS.forEach((name, index) => {
    const column = candles[name];
    for (let row = 0; row < rowCount; row++) column[row] = values[row * CANDLE_COLUMNS.length + index] as number;
  });
  return candles;
}

function inferTimeframe(candles: Candles, { refuseRow }: CsvNumbers, fileName: string): Timeframe {
  const usualMs = findUsualStepMs(candles.openTimeMs);
  if (usualMs === null) {
    // Without a step forward between two bars, the times themselves are wrong in any timeframe.
    const bad = candles.openTimeMs.length > 1 ? checkCandles(candles, '1m') : null;
    if (bad !== null) throw refuseRow(bad.row, bad.reason);
    throw new Refusal(`${fileName} has one bar, so its timeframe cannot be read off it. Name it: one of ${TIMEFRAMES.join(' ')}.`);
  }
  const timeframe = TIMEFRAMES.find((name) => TIMEFRAME_MS[name] === usualMs);
  if (timeframe === undefined) {
    throw new Refusal(`${fileName} usually steps ${spellStep(usualMs)} from bar to bar. Wanted bars of one of ${TIMEFRAMES.join(' ')}.`);
  }
  return timeframe;
}

/** Longer bars would pass as bars full of gaps if the timeframe told were believed blindly. */
function confirmTimeframe(candles: Candles, fileName: string, told: Timeframe): Timeframe {
  const usualMs = findUsualStepMs(candles.openTimeMs);
  const { openTimeMs } = candles;
  const agrees = openTimeMs.some((timeMs, row) => row > 0 && timeMs - (openTimeMs[row - 1] as number) === TIMEFRAME_MS[told]);
  if (agrees || openTimeMs.length < 3 || usualMs === null) return told;
  throw new Refusal(`${fileName} usually steps ${spellStep(usualMs)} from bar to bar and never ${told}. Name its own timeframe or none.`);
}

function spellStep(stepMs: number): string {
  const timeframe = TIMEFRAMES.find((name) => TIMEFRAME_MS[name] === stepMs);
  return timeframe ?? `${stepMs} ms (${stepMs / TIMEFRAME_MS['1m']} min)`;
}

/** The funding rates of a CSV file, plain or gzip, oldest first, or a Refusal that names the row. */
export function parseFundingCsv(bytes: Uint8Array, { fileName }: { readonly fileName: string }): FundingRates {
  const { values, rowCount, refuseRow } = readCsvNumbers(bytes, fileName, FUNDING_HEADER);
  const timeMs = new Float64Array(rowCount);
  const rate = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const time = values[2 * row] as number;
    const paid = values[2 * row + 1] as number;
    if (row > 0 && time <= (timeMs[row - 1] as number)) {
      throw refuseRow(row, `timestamp ${time} does not come after ${timeMs[row - 1]}; wanted settlements from oldest to newest, each once`);
    }
    if (Math.abs(paid) >= 1) throw refuseRow(row, `rate ${paid} is not below 1; wanted a fraction per settlement, 0.0001 for 0.01 %`);
    timeMs[row] = time;
    rate[row] = paid;
  }
  return { timeMs, rate };
}
