import type { Timeframe } from '../engine/bar.ts';
import type { MarketColumns } from '../engine/market-columns.ts';

export type Levels = { readonly support: readonly number[]; readonly resistance: readonly number[] };

/** A timeframe and its last bar that may be seen. */
type Seen = { readonly timeframe: Timeframe; readonly bar: number };

const LOOKBACK_BARS = 200;

/** A turn stands out against so many bars on each side, so it is known only so many bars later. */
const SIDE_BARS = 5;
const LEVELS_PER_SIDE = 4;

/** Turns closer to each other than this are one level; ATRs of the highest timeframe that has one. */
const MERGE_ATR = 0.5;

/** The turning points of the last bars of each timeframe nearest to the close: below it support, above it resistance, nearest first. */
export function findLevels(columns: Pick<MarketColumns, 'column'>, frames: readonly Seen[]): Levels {
  const [base] = frames;
  if (base === undefined || base.bar < 0) return { support: [], resistance: [] };
  const close = columns.column('close', base.timeframe)[base.bar] ?? Number.NaN;
  const atrs = frames.map(({ timeframe, bar }) => columns.column('atr', timeframe)[bar] ?? Number.NaN);
  const gap = (atrs.findLast(Number.isFinite) ?? 0) * MERGE_ATR;
  const turns = frames.flatMap((frame) => turningPoints(columns, frame));
  return {
    support: nearest(
      turns.filter((price) => price < close).sort((one, other) => other - one),
      gap,
    ),
    resistance: nearest(
      turns.filter((price) => price > close).sort((one, other) => one - other),
      gap,
    ),
  };
}

function turningPoints({ column }: Pick<MarketColumns, 'column'>, { timeframe, bar }: Seen): number[] {
  const highs = column('high', timeframe);
  const lows = column('low', timeframe);
  const turns: number[] = [];
  for (let at = Math.max(SIDE_BARS, bar - LOOKBACK_BARS); at <= bar - SIDE_BARS; at++) {
    if (standsOut(highs, at, 1)) turns.push(highs[at] as number);
    if (standsOut(lows, at, -1)) turns.push(lows[at] as number);
  }
  return turns;
}

/** Of equal extremes the first is the turn. */
function standsOut(prices: Float64Array, at: number, sign: 1 | -1): boolean {
  const price = sign * (prices[at] as number);
  for (let offset = 1; offset <= SIDE_BARS; offset++) {
    if (sign * (prices[at - offset] as number) >= price || sign * (prices[at + offset] as number) > price) return false;
  }
  return true;
}

function nearest(sorted: readonly number[], gap: number): readonly number[] {
  const kept: number[] = [];
  for (const price of sorted) {
    const last = kept.at(-1);
    if (last === undefined || Math.abs(price - last) > gap) kept.push(price);
    if (kept.length === LEVELS_PER_SIDE) break;
  }
  return kept;
}
