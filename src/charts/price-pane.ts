import type { Candles } from '../engine/candles.ts';
import type { OpenPosition, Side, Trade } from '../engine/result.ts';
import { type Holding, heldSpans, holdingsOn, type Span, spanOf } from './holdings.ts';
import type { JsonObject } from './json.ts';
import { PALETTE } from './palette.ts';
import { MANY_TRADES, markKey, markSize, tradeMarks } from './trade-marks.ts';

export type PricePane = {
  readonly min: number;
  readonly max: number;
  readonly datasets: readonly JsonObject[];
  /** What the marks mean, in the order of reading. */
  readonly key: readonly string[];
};

export type PlotSize = { readonly widthPx: number; readonly heightPx: number };

/** The stop levels of more holdings than this would be a thicket. */
const MAX_STOP_LINES = 30;

/** Height of the strip that shows one side's holdings when bands over the whole pane would hide the candles; share of the pane. */
const LANE_SHARE = 0.035;

/** Candles, shaded holdings, stop levels, entries and exits, all on the axes xIndex and yPrice. */
export function pricePane(candles: Candles, trades: readonly Trade[], openPositions: readonly OpenPosition[], plot: PlotSize): PricePane {
  const holdings = holdingsOn(candles, trades, openPositions);
  const withStops = holdings.length <= MAX_STOP_LINES ? holdings : [];
  const hasLanes = holdings.length > MANY_TRADES;
  const size = markSize(holdings.length);
  const range = priceRange(candles, withStops);
  const gapPrice = ((range.max - range.min) * (size.entryPx + 8)) / plot.heightPx;
  const room = gapPrice * 1.8;
  const min = range.min - room - (hasLanes ? (range.max - range.min) * LANE_SHARE * 2.5 : 0);
  const max = range.max + room;
  const key = [...markKey(holdings), ...(hasLanes ? ['strips: held'] : [])];
  const marks = tradeMarks(candles, holdings, size, gapPrice);
  const shades = hasLanes ? lanes(holdings, min, max) : bands(holdings, min, max);
  return { min, max, datasets: [...marks, ...candleBars(candles, plot.widthPx), stopLines(withStops), ...shades], key };
}

/** What the axis must hold. Stops widen it by half the candles' own range at most. */
function priceRange(candles: Candles, withStops: readonly Holding[]): { readonly min: number; readonly max: number } {
  const low = candles.low.reduce((least, price) => Math.min(least, price), Number.POSITIVE_INFINITY);
  const high = candles.high.reduce((most, price) => Math.max(most, price), Number.NEGATIVE_INFINITY);
  const range = high > low ? high - low : Math.abs(high) * 0.02 || 1;
  const stops = withStops.map((holding) => holding.stopPrice);
  const min = Math.max(Math.min(low, ...stops), low - range / 2);
  const max = Math.min(Math.max(high, ...stops), high + range / 2);
  return max > min ? { min, max } : { min: min - range / 2, max: max + range / 2 };
}

/** Up and down, as a colour says it. */
export type CandleColour = (index: number, isDown: boolean) => string;

const usualColour: CandleColour = (_, isDown) => (isDown ? PALETTE.down : PALETTE.up);

export function candleBars(candles: Candles, plotWidthPx: number, colourOf: CandleColour = usualColour): readonly JsonObject[] {
  const slotPx = plotWidthPx / candles.openTimeMs.length;
  const bodyPx = Math.min(36, Math.max(1.5, slotPx * 0.7));
  const wickPx = Math.min(3, Math.max(1, slotPx * 0.18));
  const colours = Array.from(candles.open, (open, index) => colourOf(index, (candles.close[index] as number) < open));
  const bars = (barThickness: number, from: Float64Array, to: Float64Array, order: number): JsonObject => ({
    type: 'bar',
    xAxisID: 'x',
    yAxisID: 'yPrice',
    grouped: false,
    barThickness,
    minBarLength: 2,
    borderSkipped: false,
    backgroundColor: colours,
    data: Array.from(from, (price, index) => [price, to[index] as number]),
    order,
  });
  return [bars(bodyPx, candles.open, candles.close, 30), bars(wickPx, candles.low, candles.high, 31)];
}

export const lineOnPrices = { type: 'line', xAxisID: 'xIndex', yAxisID: 'yPrice', pointRadius: 0, spanGaps: false } as const;

function stopLines(holdings: readonly Holding[]): JsonObject {
  const data = holdings.flatMap((holding) => level(spanOf(holding), holding.stopPrice));
  return { ...lineOnPrices, data, borderColor: PALETTE.stop, borderWidth: 2, borderDash: [7, 5], order: 20 };
}

function bands(holdings: readonly Holding[], min: number, max: number): readonly JsonObject[] {
  return [shade(holdings, 'long', PALETTE.longBand, { min, max }), shade(holdings, 'short', PALETTE.shortBand, { min, max })];
}

function lanes(holdings: readonly Holding[], min: number, max: number): readonly JsonObject[] {
  const height = (max - min) * LANE_SHARE;
  return [
    shade(holdings, 'long', PALETTE.longLane, { min: min + height, max: min + 2 * height }),
    shade(holdings, 'short', PALETTE.shortLane, { min, max: min + height }),
  ];
}

function shade(
  holdings: readonly Holding[],
  side: Side,
  backgroundColor: string,
  between: { readonly min: number; readonly max: number },
): JsonObject {
  const data = heldSpans(holdings, side).flatMap((span) => level(span, between.max));
  return { ...lineOnPrices, data, borderWidth: 0, fill: { value: between.min }, backgroundColor, order: 40 };
}

/** A price over a span, and the gap that ends it. */
function level({ from, to }: Span, price: number): readonly JsonObject[] {
  return [
    { x: from, y: price },
    { x: to, y: price },
    { x: to, y: null },
  ];
}
