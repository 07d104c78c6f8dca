import type { IndicatorStates } from '../indicators/compute-columns.ts';

/** A bar as a row. */
export type BarRow = readonly [openTimeMs: number, open: number, high: number, low: number, close: number, volume: number];

/** The bars of one timeframe that rules can still look at, as plain JSON, oldest first. */
export type WindowFrame = {
  readonly bars: readonly BarRow[];
  /** How many bars were let go before the first one kept. */
  readonly droppedBars: number;
  /** The indicators' running numbers in front of the bar of index `statesAt`. */
  readonly states: IndicatorStates;
  readonly statesAt: number;
};
