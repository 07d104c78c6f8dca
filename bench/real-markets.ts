import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Market } from '../src/engine/program.ts';
import { parseCandlesCsv, parseFundingCsv } from '../src/market/csv.ts';

/** The 5m bars and funding rates of a symbol, from *_BTC-USDT_5m_*.csv.gz and *_BTC-USDT_funding_*.csv.gz of a folder. */
export function readMarket(folder: string, symbol: string): Market {
  const bars = readKind(folder, symbol, '5m');
  const rates = readKind(folder, symbol, 'funding');
  return {
    symbol,
    candles: parseCandlesCsv(bars.bytes, { fileName: bars.fileName, timeframe: '5m' }).candles,
    funding: parseFundingCsv(rates.bytes, { fileName: rates.fileName }),
  };
}

function readKind(folder: string, symbol: string, kind: string): { readonly fileName: string; readonly bytes: Uint8Array } {
  const part = `_${symbol.replace('-USD', '-USDT')}_${kind}_`;
  const fileName = readdirSync(folder).find((file) => file.includes(part));
  if (fileName === undefined) throw new Error(`There is no *${part}*.csv.gz in ${folder}; name the folder that has it`);
  return { fileName, bytes: readFileSync(join(folder, fileName)) };
}
