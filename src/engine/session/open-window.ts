import type { Timeframe } from '../bar.ts';
import type { Candles } from '../candles.ts';
import type { IndicatorPeriods } from '../indicators/periods.ts';
import { columnsOver, type MarketColumns } from '../market-columns.ts';
import { freshSignals } from '../signals.ts';
import { frameCandles, frameColumn } from './frame-columns.ts';
import { frameOf, type MarketWindow } from './market-window.ts';

export type OpenWindow = { readonly candles: Candles; readonly columns: MarketColumns };

/** The columns of a market window, index for index beside its bars. Its rules are asked at the last bar only, so that no answer is kept. */
export function openWindow(window: MarketWindow, baseTimeframe: Timeframe, periods: IndicatorPeriods): OpenWindow {
  const columns = columnsOver({
    baseTimeframe,
    candlesOf: (timeframe) => frameCandles(frameOf(window, timeframe)),
    compute: (name, timeframe) => new Map([[name, frameColumn(frameOf(window, timeframe), name, periods)]]),
    answers: freshSignals,
  });
  return { candles: frameCandles(frameOf(window, baseTimeframe)), columns };
}
