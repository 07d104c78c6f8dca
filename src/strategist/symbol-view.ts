import type { Timeframe } from '../engine/bar.ts';
import { TABLE_INDICATOR_NAMES, type TableIndicatorName } from '../engine/indicators/indicator-names.ts';
import type { MarketColumns } from '../engine/market-columns.ts';
import type { Side } from '../engine/result.ts';
import type { SymbolState } from '../engine/state.ts';
import { findLevels, type Levels } from './levels.ts';
import { type RegimeFeatures, readRegime } from './regime.ts';

/** One symbol's columns and its last closed base bar. */
export type SnapshotMarket = {
  readonly symbol: string;
  readonly columns: Pick<MarketColumns, 'column' | 'visible'>;
  /** Index in the columns; −1 while no bar has closed. */
  readonly bar: number;
  /** Bars let go before index 0; 0 in a backtest. */
  readonly droppedBars: number;
};

/** Null is not known yet. */
export type Known = number | null;

export type FrameView = {
  readonly timeframe: Timeframe;
  readonly close: Known;
  readonly indicators: Readonly<Record<TableIndicatorName, Known>>;
  readonly regime: RegimeFeatures;
  /** Oldest first, in basis points of the close before: how far each bar closed, and how far it reached from low to high. */
  readonly bars: { readonly change_bps: readonly number[]; readonly range_bps: readonly number[] };
};

export type PositionView = {
  readonly side: Side;
  readonly trigger_id: string;
  readonly unrealised_r: Known;
  /** How far the close may still fall against the position before its stop, in R. */
  readonly to_stop_r: Known;
  readonly to_target_r: Known;
  readonly bars_held: number;
};

export type SymbolView = {
  readonly symbol: string;
  readonly frames: readonly FrameView[];
  readonly levels: Levels;
  readonly position: PositionView | null;
  readonly waiting_order: 'entry' | 'exit' | 'reversal' | null;
};

export function viewSymbol(
  { symbol, columns, bar, droppedBars }: SnapshotMarket,
  timeframes: readonly Timeframe[],
  state: SymbolState | null,
  shownBars: number,
): SymbolView {
  const seen = timeframes.map((timeframe) => {
    const visible = columns.visible(timeframe);
    return { timeframe, bar: visible === null || bar < 0 ? bar : (visible[bar] ?? -1) };
  });
  const { support, resistance } = findLevels(columns, seen);
  return {
    symbol,
    frames: seen.map((frame) => viewFrame(columns, frame, shownBars)),
    levels: { support: support.map(toPrice), resistance: resistance.map(toPrice) },
    position: state === null ? null : viewPosition(state, bar + droppedBars),
    waiting_order: state?.order?.kind ?? null,
  };
}

type SeenFrame = { readonly timeframe: Timeframe; readonly bar: number };

function viewFrame(columns: SnapshotMarket['columns'], { timeframe, bar }: SeenFrame, shownBars: number): FrameView {
  const at = (name: TableIndicatorName | 'close') => toDigits(columns.column(name, timeframe)[bar] ?? Number.NaN);
  const indicators = Object.fromEntries(TABLE_INDICATOR_NAMES.map((name) => [name, at(name)]));
  return {
    timeframe,
    close: at('close'),
    indicators: indicators as Record<TableIndicatorName, Known>,
    regime: readRegime(columns, timeframe, bar),
    bars: compressBars(columns, { timeframe, bar }, shownBars),
  };
}

function compressBars({ column }: SnapshotMarket['columns'], { timeframe, bar }: SeenFrame, shownBars: number): FrameView['bars'] {
  const [closes, highs, lows] = [column('close', timeframe), column('high', timeframe), column('low', timeframe)];
  const change_bps: number[] = [];
  const range_bps: number[] = [];
  for (let at = Math.max(1, bar - shownBars + 1); at <= bar; at++) {
    const before = closes[at - 1] as number;
    change_bps.push(Math.round(((closes[at] as number) / before - 1) * 10_000));
    range_bps.push(Math.round((((highs[at] as number) - (lows[at] as number)) / before) * 10_000));
  }
  return { change_bps, range_bps };
}

function viewPosition({ position, mark }: SymbolState, barNumber: number): PositionView | null {
  if (position === null || mark === null) return null;
  const { direction, entryPrice, riskPerUnit, stop, target, origin, entryBar } = position;
  const inR = (distance: number) => toDigits((direction * distance) / riskPerUnit);
  return {
    side: direction === 1 ? 'long' : 'short',
    trigger_id: origin.id,
    unrealised_r: inR(mark - entryPrice),
    to_stop_r: inR(mark - stop),
    to_target_r: target === null ? null : inR(target - mark),
    bars_held: barNumber - entryBar,
  };
}

/** Six digits, as every number in a snapshot. */
export const toPrice = (value: number): number => Number.parseFloat(value.toPrecision(6));

export function toDigits(value: number): Known {
  return Number.isFinite(value) ? Number.parseFloat(value.toPrecision(6)) : null;
}
