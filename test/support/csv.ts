import type { Candles, FundingRates } from '../../src/engine/candles.ts';

/** Candles as the text of a file that can be imported. */
export function candlesAsCsv({ openTimeMs, open, high, low, close, volume }: Candles): string {
  const rows = Array.from(openTimeMs, (time, index) => [time, open[index], high[index], low[index], close[index], volume[index]].join(','));
  return `timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`;
}

export function fundingAsCsv({ timeMs, rate }: FundingRates): string {
  return `timestamp,rate\n${Array.from(timeMs, (time, index) => `${time},${rate[index]}`).join('\n')}\n`;
}
