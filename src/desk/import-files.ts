import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Timeframe } from '../engine/bar.ts';
import { Refusal } from '../engine/refusal.ts';
import { parseCandlesCsv, parseFundingCsv } from '../market/csv.ts';
import { readCoverage, saveCandles } from '../store/candles.ts';
import { loadFunding, saveFunding } from '../store/funding.ts';
import { recordCandleImport, recordFundingImport } from '../store/imports.ts';
import type { Pool } from '../store/pool.ts';
import { transact } from '../store/transaction.ts';

/** Under which source a file is kept. It names the file and its content: the same file is kept once, an edited one is another source. */
export type KeptCandles = { readonly source: string; readonly timeframe: Timeframe; readonly bars: number };
export type KeptFunding = { readonly source: string; readonly rates: number };

export async function keepCandles(pool: Pool, symbol: string, path: string): Promise<KeptCandles> {
  const bytes = await readInput(path);
  const source = sourceOf(path, bytes);
  const { candles, timeframe } = parseCandlesCsv(bytes, { fileName: basename(path), timeframe: null });
  if ((await readCoverage(pool, { source, symbol, timeframe })) === null) {
    await transact(pool, (tx) => saveCandles(tx, { source, symbol, timeframe, candles }));
  }
  return { source, timeframe, bars: candles.openTimeMs.length };
}

export async function keepFunding(pool: Pool, symbol: string, path: string): Promise<KeptFunding> {
  const bytes = await readInput(path);
  const source = sourceOf(path, bytes);
  const funding = parseFundingCsv(bytes, { fileName: basename(path) });
  if ((await loadFunding(pool, { source, symbol, startMs: 0, endMs: 1 })) === null) {
    await transact(pool, (tx) => saveFunding(tx, { source, symbol, funding }));
  }
  return { source, rates: funding.timeMs.length };
}

/** Keeps a candle file and makes it what the guild's backtests of that symbol and timeframe run on. */
export async function importCandles(pool: Pool, guildId: string, symbol: string, path: string): Promise<KeptCandles> {
  const kept = await keepCandles(pool, symbol, path);
  await transact(pool, (tx) => recordCandleImport(tx, { guildId, symbol, source: kept.source, timeframe: kept.timeframe }));
  return kept;
}

/** Keeps a funding file and makes it what the guild's backtests of that symbol are charged. */
export async function importFunding(pool: Pool, guildId: string, symbol: string, path: string): Promise<KeptFunding> {
  const kept = await keepFunding(pool, symbol, path);
  await transact(pool, (tx) => recordFundingImport(tx, { guildId, symbol, source: kept.source }));
  return kept;
}

function sourceOf(path: string, bytes: Uint8Array): string {
  return `file:${basename(path)}@${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`;
}

async function readInput(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : String(error);
    throw new Refusal(`Cannot read ${path}: ${reason}; name a CSV file (plain or .gz)`);
  }
}
