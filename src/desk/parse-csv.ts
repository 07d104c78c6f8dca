import { Worker } from 'node:worker_threads';
import type { Timeframe } from '../engine/bar.ts';
import type { Candles, FundingRates } from '../engine/candles.ts';
import { Refusal } from '../engine/refusal.ts';

export type InputFile = { readonly fileName: string; readonly bytes: Uint8Array };

export type ParseTask = InputFile & { readonly kind: 'candles' | 'funding' };

export type ParsedFile =
  | { readonly kind: 'candles'; readonly candles: Candles; readonly timeframe: Timeframe }
  | { readonly kind: 'funding'; readonly funding: FundingRates }
  | { readonly kind: 'refused'; readonly message: string };

type Parsed<Kind> = Extract<ParsedFile, { readonly kind: Kind }>;

const PARSE_MS = 60_000;

/** Parses a file on a thread of its own: hundreds of megabytes would hold up everybody who waits for an answer. */
export async function parseCsv<Kind extends ParseTask['kind']>(kind: Kind, file: InputFile): Promise<Parsed<Kind>> {
  const parsed = await runThread({ kind, ...file });
  if (parsed.kind === 'refused') throw new Refusal(parsed.message);
  if (!isOfKind(parsed, kind)) throw new Error(`The thread parsed ${parsed.kind} where ${kind} were asked for.`);
  return parsed;
}

function isOfKind<Kind extends ParseTask['kind']>(parsed: ParsedFile, kind: Kind): parsed is Parsed<Kind> {
  return parsed.kind === kind;
}

function runThread(task: ParseTask): Promise<ParsedFile> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./parse-csv.thread.ts', import.meta.url), { workerData: task });
    const timer = setTimeout(() => {
      reject(new Refusal(`${task.fileName} takes longer than ${PARSE_MS / 1_000} s to read; split it by date and give the parts`));
      void thread.terminate();
    }, PARSE_MS);
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The thread that read ${task.fileName} ended with ${code} and without an answer.`));
    });
  });
}
