import type { Candles } from '../engine/candles.ts';
import type { Side, Trade } from '../engine/result.ts';
import { CHART_SIZE } from './backtest.spec.ts';
import { chartTitles } from './chart-titles.ts';
import { candleAt } from './drawn-candles.ts';
import { type Holding, holdingsOn } from './holdings.ts';
import type { JsonObject } from './json.ts';
import { levelAxis, type PriceLevel } from './level-axis.ts';
import { PALETTE } from './palette.ts';
import { candleBars, lineOnPrices } from './price-pane.ts';
import { caption, paneAxis, timeScales } from './scales.ts';
import { labelTimes } from './time-text.ts';
import { markKey, markSize, tradeMarks } from './trade-marks.ts';

/** What is held at the bar that is looked at; prices in the quote currency. */
export type ShownPosition = {
  readonly side: Side;
  readonly entryTimeMs: number;
  readonly entryPrice: number;
  readonly stop: number;
  readonly target: number | null;
  readonly liquidationPrice: number | null;
};

export type PlaybackChartInput = {
  readonly title: string;
  readonly subtitle: readonly string[];
  readonly symbol: string;
  readonly candles: Candles;
  /** The bar that is looked at, among them. */
  readonly cursor: number;
  /** Over by then. */
  readonly trades: readonly Trade[];
  readonly position: ShownPosition | null;
  readonly simulated: boolean;
};

/** What is left for candles beside both axes and below the titles. */
const PLOT_SIZE = { widthPx: 900, heightPx: 440 } as const;

/** Levels further away than this share of the candles' own range are named, not drawn: they would press the candles flat. */
const MOST_STRETCH = 0.9;

/** The bars around one bar of a run: what is held with its levels, what was in and out, what had not happened yet paler. */
export function playbackChartSpec(input: PlaybackChartInput): JsonObject {
  const { candles, cursor, trades, position } = input;
  const levels = position === null ? [] : levelsOf(position);
  const { min, max, isIn } = rangeOf(candles, levels);
  const drawn = levels.filter(isIn);
  const holdings = [...pastHoldings(trades, candles, { min, max }), ...holdingOf(position, candles)];
  const size = markSize(holdings.length);
  const gapPrice = ((max - min) * (size.entryPx + 8)) / PLOT_SIZE.heightPx;
  const key = [
    ...markKey(holdings),
    ...levels.filter((level) => !isIn(level)).map(({ label, price }) => `${label} ${priceText(price)} ${price > max ? 'above' : 'below'}`),
    ...(cursor < candles.openTimeMs.length - 1 ? ['paler: later'] : []),
  ];
  const colourOf = (index: number, isDown: boolean) =>
    index > cursor ? (isDown ? PALETTE.downAhead : PALETTE.upAhead) : isDown ? PALETTE.down : PALETTE.up;
  const labels = labelTimes(candles.openTimeMs, PLOT_SIZE.widthPx);
  return {
    type: 'bar',
    data: {
      labels,
      datasets: [
        ...tradeMarks(candles, holdings, size, gapPrice),
        ...candleBars(candles, PLOT_SIZE.widthPx, colourOf),
        ...drawn.map((level) => levelLine(level, candles.openTimeMs.length)),
        cursorBand(cursor, min, max),
      ],
    },
    options: {
      locale: 'en-US',
      animation: false,
      responsive: false,
      color: PALETTE.text,
      layout: { padding: { top: 14, right: 18, bottom: 12, left: 22 } },
      plugins: chartTitles({ title: input.title, subtitle: input.subtitle, isWarning: input.simulated, legend: { display: false } }),
      scales: {
        ...timeScales(labels, key.length === 0 ? ['no trades here'] : key),
        yPrice: { ...paneAxis({ min, max }, 6), title: caption(`price ${input.symbol.split('-')[1] ?? ''}`, PALETTE.mutedText) },
        ...(drawn.length === 0 ? {} : { yLevels: levelAxis(drawn, { min, max }, PLOT_SIZE.heightPx) }),
      },
    },
  };
}

/** The size the configuration is laid out for. */
export const PLAYBACK_CHART_SIZE = CHART_SIZE;

function levelsOf({ entryPrice, stop, target, liquidationPrice }: ShownPosition): readonly PriceLevel[] {
  return [
    { label: 'entry', price: entryPrice, colour: PALETTE.entry, dash: [] },
    { label: 'stop', price: stop, colour: PALETTE.stop, dash: [12, 7] },
    ...(target === null ? [] : [{ label: 'target', price: target, colour: PALETTE.target, dash: [4, 6] }]),
    ...(liquidationPrice === null ? [] : [{ label: 'liq.', price: liquidationPrice, colour: PALETTE.liquidation, dash: [20, 6, 4, 6] }]),
  ];
}

function rangeOf({ low, high }: Candles, levels: readonly PriceLevel[]) {
  const lowest = low.reduce((least, price) => Math.min(least, price), Number.POSITIVE_INFINITY);
  const highest = high.reduce((most, price) => Math.max(most, price), Number.NEGATIVE_INFINITY);
  const range = highest > lowest ? highest - lowest : Math.abs(highest) * 0.02 || 1;
  const isNear = ({ price }: PriceLevel) => price >= lowest - range * MOST_STRETCH && price <= highest + range * MOST_STRETCH;
  const prices = levels.filter(isNear).map(({ price }) => price);
  const [min, max] = [Math.min(lowest, ...prices), Math.max(highest, ...prices)];
  const room = (max - min || range) * 0.09;
  return { min: min - room, max: max + room, isIn: isNear };
}

const BEFORE_THE_FIRST = -1;

type PriceRange = { readonly min: number; readonly max: number };

/** An exit at a price outside the picture, as that of a liquidation often is, is marked at its edge. */
function pastHoldings(trades: readonly Trade[], candles: Candles, { min, max }: PriceRange): readonly Holding[] {
  const edge = (max - min) * 0.03;
  return holdingsOn(candles, trades, []).map((holding, index) => ({
    ...holding,
    entryIndex: enteredBefore(trades[index]?.entry_time ?? 0, candles) ? BEFORE_THE_FIRST : holding.entryIndex,
    exit: holding.exit === null ? null : { ...holding.exit, price: Math.min(max - edge, Math.max(min + edge, holding.exit.price)) },
  }));
}

function holdingOf(position: ShownPosition | null, candles: Candles): readonly Holding[] {
  if (position === null || enteredBefore(position.entryTimeMs, candles)) return [];
  const entryIndex = candleAt(candles, position.entryTimeMs);
  return [{ side: position.side, entryIndex, exitIndex: entryIndex, stopPrice: position.stop, exit: null }];
}

function enteredBefore(entryTimeMs: number, { openTimeMs }: Candles): boolean {
  return entryTimeMs < (openTimeMs[0] ?? 0);
}

/** Over the whole width: its name stands at the left end. */
function levelLine({ price, colour, dash }: PriceLevel, candleCount: number): JsonObject {
  const data = [
    { x: -0.5, y: price },
    { x: candleCount - 0.5, y: price },
  ];
  return { ...lineOnPrices, data, borderColor: colour, borderWidth: 3, borderDash: dash, order: 20 };
}

/** The bar that is looked at, over the whole height. */
function cursorBand(cursor: number, min: number, max: number): JsonObject {
  const data = [
    { x: cursor - 0.5, y: max },
    { x: cursor + 0.5, y: max },
  ];
  return { ...lineOnPrices, data, borderWidth: 0, fill: { value: min }, backgroundColor: PALETTE.cursor, order: 40 };
}

function priceText(price: number): string {
  return price.toLocaleString('en-US', { maximumSignificantDigits: 6 });
}
