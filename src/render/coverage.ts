import { TIMEFRAME_MS, type Timeframe } from '../engine/bar.ts';
import { pageButtons } from './button.ts';
import { type Message, textMessage } from './message.ts';
import { fixed } from './number-text.ts';
import { codeBlock, cut, sides } from './table.ts';
import { dayText } from './time-text.ts';

/** Bars that are kept and that backtests may run on. */
export type SeriesLine = {
  readonly source: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly origin: 'guild' | 'terminal' | 'exchange';
  readonly firstOpenMs: number;
  readonly lastOpenMs: number;
  readonly bars: number;
  readonly hasFunding: boolean;
};

export type CoveragePage = {
  readonly series: readonly SeriesLine[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
};

export const COVERAGE = 'coverage';

const ORIGINS: Readonly<Record<SeriesLine['origin'], string>> = {
  guild: 'imported here',
  terminal: 'terminal import',
  exchange: 'from exchange',
};

/** One page of what is kept: where it is from, from when to when, and how much of it is missing. */
export function renderCoverage({ series, total, page, pages }: CoveragePage): Message {
  if (total === 0) {
    return textMessage(
      'No bars are kept yet: backtests fetch them from the exchange if it answers; else the market is simulated, and says so. Bring bars of your own with `/candles import` and a CSV file (timestamp,open,high,low,close,volume).',
    );
  }
  return {
    ...textMessage(
      `**Candles** ${total} series · days UTC\n${codeBlock(series.flatMap(describeSeries))}\nOther markets come from the exchange if it answers; else they are simulated, and say so.`,
    ),
    buttons: pageButtons({ component: COVERAGE, args: [], page, pages }),
  };
}

/** `btc-5m.csv.gz` of `file:btc-5m.csv.gz@3f…`; of other sources what follows their kind. */
export function sourceName(source: string): string {
  return source.replace(/^(file|ccxt):/, '').replace(/@[0-9a-f]+$/, '');
}

function describeSeries(line: SeriesLine): readonly string[] {
  const expected = Math.round((line.lastOpenMs - line.firstOpenMs) / TIMEFRAME_MS[line.timeframe]) + 1;
  const missing = expected - line.bars;
  return [
    sides(`${line.symbol} ${line.timeframe}`, `${fixed(line.bars, 0)} bars`),
    ` ${dayText(line.firstOpenMs)} to ${dayText(line.lastOpenMs)}`,
    ` ${missing === 0 ? 'no gaps' : `${fixed(missing, 0)} bars missing`}`,
    ` ${ORIGINS[line.origin]}${line.hasFunding ? ', funding' : ''}`,
    ` ${cut(sourceName(line.source), 27)}`,
  ];
}
