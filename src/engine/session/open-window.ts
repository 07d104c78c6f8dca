import type { Timeframe } from '../bar.ts';
import type { Candles } from '../candles.ts';
import { extendColumns, withSiblings } from '../indicators/compute-columns.ts';
import type { IndicatorName } from '../indicators/indicator-names.ts';
import type { IndicatorPeriods } from '../indicators/periods.ts';
import { columnsOver, type MarketColumns } from '../market-columns.ts';
import { freshSignals } from '../signals.ts';
import { candlesOf, frameOf, type MarketWindow } from './market-window.ts';

export type OpenWindow = { readonly candles: Candles; readonly columns: MarketColumns };

/** The columns of a market window, index for index beside its bars. Its rules are asked at the last bar only, so that no answer is kept. */
export function openWindow(window: MarketWindow, baseTimeframe: Timeframe, periods: IndicatorPeriods): OpenWindow {
  const candlesIn = (timeframe: Timeframe) => candlesOf(frameOf(window, timeframe));
  const columns = columnsOver({
    baseTimeframe,
    candlesOf: candlesIn,
    compute: resumeColumns,
    answers: freshSignals,
  });
  return { candles: candlesIn(baseTimeframe), columns };

  /** They go on from the running numbers, as if no bar had ever been let go. */
  function resumeColumns(names: readonly IndicatorName[], timeframe: Timeframe): ReadonlyMap<IndicatorName, Float64Array> {
    const candles = candlesIn(timeframe);
    const { states, statesAt } = frameOf(window, timeframe);
    const barCount = candles.close.length;
    const made = new Map(withSiblings(names).map((name) => [name, new Float64Array(barCount).fill(Number.NaN, 0, statesAt)]));
    extendColumns(states, { candles, from: statesAt, to: barCount }, made, periods);
    return made;
  }
}
