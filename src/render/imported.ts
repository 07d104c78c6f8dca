import type { Timeframe } from '../engine/bar.ts';
import { type Message, textMessage } from './message.ts';
import { fixed } from './number-text.ts';
import { discordTime } from './time-text.ts';

/** Bars that were imported from a file just now. */
export type Imported = {
  readonly symbol: string;
  readonly fileName: string;
  readonly timeframe: Timeframe;
  readonly bars: number;
  readonly missingBars: number;
  readonly firstOpenMs: number;
  readonly lastOpenMs: number;
  /** Null when no funding was given. */
  readonly fundingRates: number | null;
};

export function renderImport(imported: Imported): Message {
  const { symbol, fileName, timeframe, bars, missingBars, firstOpenMs, lastOpenMs, fundingRates } = imported;
  return textMessage(
    [
      `**Imported** ${symbol} ${timeframe}: ${fixed(bars, 0)} bars from \`${fileName.replaceAll('`', "'")}\``,
      `${discordTime(firstOpenMs)} to ${discordTime(lastOpenMs)}, ${missingBars === 0 ? 'no gaps' : `gaps: ${fixed(missingBars, 0)} bars missing`}`,
      fundingRates === null ? 'No funding was given: it is not charged.' : `${fixed(fundingRates, 0)} funding rates, charged from now on.`,
      `Backtests run on them now: \`/backtest symbols:${symbol} timeframe:${timeframe}\``,
    ].join('\n'),
  );
}
