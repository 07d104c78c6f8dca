import { parentPort, workerData } from 'node:worker_threads';
import { Refusal } from '../engine/refusal.ts';
import { parseCandlesCsv, parseFundingCsv } from '../market/csv.ts';
import type { ParsedFile, ParseTask } from './parse-csv.ts';

/** Runs in a thread of its own, so that a large file holds up nobody. Errors cross as data, because their classes do not survive it. */
function parse({ kind, fileName, bytes }: ParseTask): ParsedFile {
  try {
    if (kind === 'candles') return { kind, ...parseCandlesCsv(bytes, { fileName, timeframe: null }) };
    return { kind, funding: parseFundingCsv(bytes, { fileName }) };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', message: error.message };
    throw error;
  }
}

parentPort?.postMessage(parse(workerData as ParseTask));
