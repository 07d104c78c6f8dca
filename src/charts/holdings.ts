import type { Candles } from '../engine/candles.ts';
import type { ExitReason, OpenPosition, Side, Trade } from '../engine/result.ts';
import { candleAt } from './drawn-candles.ts';

/** What an exit looks like: the protective ones each have a mark, all others share one. */
export type ExitMark = 'stop' | 'target' | 'liquidation' | 'other';

/** A position as the chart sees it: indices of drawn candles, prices in the quote currency. */
export type Holding = {
  readonly side: Side;
  /** Below 0 where it was entered before the first candle and nothing is to be marked. */
  readonly entryIndex: number;
  readonly exitIndex: number;
  readonly stopPrice: number;
  /** Null while the position is open. */
  readonly exit: { readonly price: number; readonly mark: ExitMark } | null;
};

/** A stretch of the chart, in candle indices; a whole candle reaches half an index to either side. */
export type Span = { readonly from: number; readonly to: number };

export function holdingsOn(candles: Candles, trades: readonly Trade[], openPositions: readonly OpenPosition[]): readonly Holding[] {
  const closed = trades.map((trade) => ({
    side: trade.side,
    entryIndex: candleAt(candles, trade.entry_time),
    exitIndex: candleAt(candles, trade.exit_time),
    stopPrice: trade.stop,
    exit: { price: trade.exit_price, mark: markOf(trade.exit_reason) },
  }));
  const open = openPositions.map((position) => ({
    side: position.side,
    entryIndex: candleAt(candles, position.entry_time),
    exitIndex: candles.openTimeMs.length - 1,
    stopPrice: position.stop,
    exit: null,
  }));
  return [...closed, ...open];
}

/** From entry to exit, and one candle wide when both fall into the same. */
export function spanOf({ entryIndex, exitIndex }: Holding): Span {
  return entryIndex === exitIndex ? { from: entryIndex - 0.5, to: exitIndex + 0.5 } : { from: entryIndex, to: exitIndex };
}

/** Where any position of a side was held. Spans that touch become one, so that shading never lies on shading. */
export function heldSpans(holdings: readonly Holding[], side: Side): readonly Span[] {
  const merged: Span[] = [];
  const spans = holdings.filter((holding) => holding.side === side).map(spanOf);
  for (const span of spans.sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && span.from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else merged.push(span);
  }
  return merged;
}

function markOf(reason: ExitReason): ExitMark {
  return reason === 'stop' || reason === 'target' || reason === 'liquidation' ? reason : 'other';
}
