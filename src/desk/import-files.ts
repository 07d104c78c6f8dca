import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Timeframe } from '../engine/bar.ts';
import type { Candles, FundingRates } from '../engine/candles.ts';
import { Refusal } from '../engine/refusal.ts';
import { parseCandlesCsv, parseFundingCsv } from '../market/csv.ts';
import { readCoverage, saveCandles } from '../store/candles.ts';
import { loadFunding, saveFunding } from '../store/funding.ts';
import { recordCandleImport, recordFundingImport } from '../store/imports.ts';
import type { Pool } from '../store/pool.ts';
import { type Tx, transact } from '../store/transaction.ts';
import type { InputFile } from './parse-csv.ts';

/** Under which source a file is kept. It names the file and its content: the same file is kept once, an edited one is another source. */
export type KeptCandles = { readonly source: string; readonly timeframe: Timeframe; readonly bars: number };
export type KeptFunding = { readonly source: string; readonly rates: number };

type CandleFile = { readonly symbol: string; readonly file: InputFile; readonly candles: Candles; readonly timeframe: Timeframe };
type FundingFile = { readonly symbol: string; readonly file: InputFile; readonly funding: FundingRates };

export async function keepCandles(pool: Pool, symbol: string, path: string): Promise<KeptCandles> {
  const read = await readCandles(symbol, path);
  return transact(pool, (tx) => saveCandleFile(tx, read));
}

export async function keepFunding(pool: Pool, symbol: string, path: string): Promise<KeptFunding> {
  const read = await readFunding(symbol, path);
  return transact(pool, (tx) => saveFundingFile(tx, read));
}

/** Keeps a candle file and makes it what the guild's backtests of that symbol and timeframe run on. */
export async function importCandles(pool: Pool, guildId: string, symbol: string, path: string): Promise<KeptCandles> {
  const read = await readCandles(symbol, path);
  return transact(pool, (tx) => recordCandles(tx, { guildId, ...read }));
}

/** Keeps a funding file and makes it what the guild's backtests of that symbol are charged. */
export async function importFunding(pool: Pool, guildId: string, symbol: string, path: string): Promise<KeptFunding> {
  const read = await readFunding(symbol, path);
  return transact(pool, (tx) => recordFunding(tx, { guildId, ...read }));
}

/** The same for a file that has been read and parsed already. */
export async function recordCandles(tx: Tx, { guildId, ...read }: CandleFile & { readonly guildId: string }): Promise<KeptCandles> {
  const kept = await saveCandleFile(tx, read);
  await recordCandleImport(tx, { guildId, symbol: read.symbol, source: kept.source, timeframe: kept.timeframe });
  return kept;
}

export async function recordFunding(tx: Tx, { guildId, ...read }: FundingFile & { readonly guildId: string }): Promise<KeptFunding> {
  const kept = await saveFundingFile(tx, read);
  await recordFundingImport(tx, { guildId, symbol: read.symbol, source: kept.source });
  return kept;
}

async function saveCandleFile(tx: Tx, { symbol, file, candles, timeframe }: CandleFile): Promise<KeptCandles> {
  const source = sourceOf(file);
  if ((await readCoverage(tx, { source, symbol, timeframe })) === null) await saveCandles(tx, { source, symbol, timeframe, candles });
  return { source, timeframe, bars: candles.openTimeMs.length };
}

async function saveFundingFile(tx: Tx, { symbol, file, funding }: FundingFile): Promise<KeptFunding> {
  const source = sourceOf(file);
  if ((await loadFunding(tx, { source, symbol, startMs: 0, endMs: 1 })) === null) await saveFunding(tx, { source, symbol, funding });
  return { source, rates: funding.timeMs.length };
}

async function readCandles(symbol: string, path: string): Promise<CandleFile> {
  const file = await readInput(path);
  return { symbol, file, ...parseCandlesCsv(file.bytes, { fileName: file.fileName, timeframe: null }) };
}

async function readFunding(symbol: string, path: string): Promise<FundingFile> {
  const file = await readInput(path);
  return { symbol, file, funding: parseFundingCsv(file.bytes, { fileName: file.fileName }) };
}

function sourceOf({ fileName, bytes }: InputFile): string {
  return `file:${fileName}@${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`;
}

async function readInput(path: string): Promise<InputFile> {
  try {
    return { fileName: basename(path), bytes: await readFile(path) };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : String(error);
    throw new Refusal(`Cannot read ${path}: ${reason}; name a CSV file (plain or .gz)`);
  }
}
