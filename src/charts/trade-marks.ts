import type { Candles } from '../engine/candles.ts';
import type { Side } from '../engine/result.ts';
import type { ExitMark, Holding } from './holdings.ts';
import type { JsonObject } from './json.ts';
import { PALETTE } from './palette.ts';

/** From so many trades on the marks are drawn smaller, and smaller again. None is left out. */
export const MANY_TRADES = 60;
const VERY_MANY_TRADES = 150;

const SIDES = ['long', 'short'] as const;
const SIDE_STYLES: Readonly<Record<Side, { readonly rotation: number; readonly colour: string; readonly key: string }>> = {
  long: { rotation: 0, colour: PALETTE.long, key: '▲ long' },
  short: { rotation: 180, colour: PALETTE.short, key: '▼ short' },
};

const EXIT_MARKS = ['stop', 'target', 'liquidation', 'other'] as const;
const EXIT_STYLES: Readonly<Record<ExitMark, { readonly pointStyle: string; readonly colour: string; readonly key: string }>> = {
  stop: { pointStyle: 'crossRot', colour: PALETTE.stop, key: '✗ stop' },
  target: { pointStyle: 'rect', colour: PALETTE.target, key: '■ target' },
  liquidation: { pointStyle: 'rectRot', colour: PALETTE.liquidation, key: '◆ liquidated' },
  other: { pointStyle: 'circle', colour: PALETTE.otherExit, key: '● exit' },
};

export type MarkSize = { readonly entryPx: number; readonly exitPx: number; readonly outlinePx: number };

export function markSize(holdingCount: number): MarkSize {
  if (holdingCount > VERY_MANY_TRADES) return { entryPx: 6, exitPx: 3, outlinePx: 1 };
  return holdingCount > MANY_TRADES ? { entryPx: 9, exitPx: 5, outlinePx: 1 } : { entryPx: 14, exitPx: 9, outlinePx: 2 };
}

/** Entries under (long) or over (short) their candle, so far away in price; exits at the price they got. */
export function tradeMarks(candles: Candles, holdings: readonly Holding[], size: MarkSize, gapPrice: number): readonly JsonObject[] {
  const entries = SIDES.map((side) => entryMarks(candles, holdings, side, size, gapPrice));
  const exits = EXIT_MARKS.map((mark) => exitMarks(holdings, mark, size));
  return [...exits, ...entries].filter((dataset) => dataset.data.length > 0);
}

/** What the marks that occur mean, in the order of reading. */
export function markKey(holdings: readonly Holding[]): readonly string[] {
  const sides = SIDES.filter((side) => holdings.some((holding) => holding.side === side && holding.entryIndex >= 0));
  const marks = EXIT_MARKS.filter((mark) => holdings.some((holding) => holding.exit?.mark === mark));
  return [...sides.map((side) => SIDE_STYLES[side].key), ...marks.map((mark) => EXIT_STYLES[mark].key)];
}

type Point = { readonly x: number; readonly y: number };

function entryMarks(candles: Candles, holdings: readonly Holding[], side: Side, size: MarkSize, gapPrice: number) {
  const { rotation, colour } = SIDE_STYLES[side];
  const beside = (index: number) =>
    side === 'long' ? (candles.low[index] as number) - gapPrice : (candles.high[index] as number) + gapPrice;
  const data = holdings.flatMap(({ side: held, entryIndex: x }): Point[] => (held === side && x >= 0 ? [{ x, y: beside(x) }] : []));
  const look = { pointStyle: 'triangle', rotation, radius: size.entryPx, backgroundColor: colour };
  return { ...onPrices, ...look, borderColor: PALETTE.outline, borderWidth: size.outlinePx, data, order: 11 };
}

function exitMarks(holdings: readonly Holding[], mark: ExitMark, size: MarkSize) {
  const { pointStyle, colour } = EXIT_STYLES[mark];
  const data = holdings.flatMap(({ exit, exitIndex: x }): Point[] => (exit?.mark === mark ? [{ x, y: exit.price }] : []));
  const outline =
    mark === 'stop'
      ? { borderColor: colour, borderWidth: size.exitPx / 2.2 }
      : { borderColor: PALETTE.outline, borderWidth: size.outlinePx };
  return { ...onPrices, pointStyle, radius: size.exitPx, backgroundColor: colour, ...outline, data, order: mark === 'other' ? 12 : 10 };
}

const onPrices = { type: 'scatter', xAxisID: 'xIndex', yAxisID: 'yPrice' } as const;
