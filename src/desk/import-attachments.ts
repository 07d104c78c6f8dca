import { MAX_FILE_BYTES } from '../commands/asked-file.ts';
import type { GivenFile, ImportRequest, ImportSummary } from '../commands/ports.ts';
import { TIMEFRAME_MS } from '../engine/bar.ts';
import { Refusal } from '../engine/refusal.ts';
import { transact } from '../store/transaction.ts';
import { downloadFile } from './download-file.ts';
import { recordCandles, recordFunding } from './import-files.ts';
import type { Desk } from './open-desk.ts';
import { type InputFile, parseCsv } from './parse-csv.ts';

export type ImportAttachments = (guildId: string, request: ImportRequest) => Promise<ImportSummary>;

/** How many may wait for their turn: each holds a person's reply. */
const MOST_WAITING = 5;

/** Imports files that were attached, one after the other: a large one fills memory. Both files of a request are kept, or none. */
export function openImports({ pool, config }: Pick<Desk, 'pool' | 'config'>): ImportAttachments {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  return async (guildId, request) => {
    if (waiting >= MOST_WAITING)
      throw new Refusal(`${waiting} imports are waiting already, the most there may be; give the command again in a minute`);
    waiting += 1;
    const done = last.then(
      () => importNow(guildId, request),
      () => importNow(guildId, request),
    );
    last = done;
    return done.finally(() => {
      waiting -= 1;
    });
  };

  async function importNow(guildId: string, { symbol, candles: candleFile, funding: fundingFile }: ImportRequest): Promise<ImportSummary> {
    const file = await download(candleFile);
    const { candles, timeframe } = await parseCsv('candles', file);
    const rates = fundingFile === null ? null : await readFunding(fundingFile);
    await transact(pool, async (tx) => {
      await recordCandles(tx, { guildId, symbol, file, candles, timeframe });
      if (rates !== null) await recordFunding(tx, { guildId, symbol, ...rates });
    });

    const [firstOpenMs = 0, lastOpenMs = 0] = [candles.openTimeMs.at(0), candles.openTimeMs.at(-1)];
    const bars = candles.openTimeMs.length;
    return {
      symbol,
      fileName: file.fileName,
      timeframe,
      bars,
      missingBars: Math.round((lastOpenMs - firstOpenMs) / TIMEFRAME_MS[timeframe]) + 1 - bars,
      firstOpenMs,
      lastOpenMs,
      fundingRates: rates === null ? null : rates.funding.timeMs.length,
    };
  }

  async function readFunding(given: GivenFile) {
    const file = await download(given);
    return { file, funding: (await parseCsv('funding', file)).funding };
  }

  function download(given: GivenFile): Promise<InputFile> {
    return downloadFile(given, { discordApiUrl: config.discordApiUrl, maxBytes: MAX_FILE_BYTES });
  }
}
