import { type Candles, firstAtOrAfter, firstBarFrom, sliceCandles } from './candles.ts';
import { warmUpStartMs } from './plan-columns.ts';
import { type BacktestInput, type PreparedBacktest, prepareBacktest } from './prepare-backtest.ts';
import type { Market } from './program.ts';
import type { Settings } from './settings.ts';
import { validatePlan } from './validate-plan.ts';

/**
 * Prepares runs that differ in their settings over bars that reach back for the longest warm-up of them all. Each gets the bars that it
 * would get alone, so that it is the very run; those that need the same bars share columns and rules.
 */
export function prepareWarmedUp(input: BacktestInput): (settings: Settings) => PreparedBacktest {
  const { startMs, timeframes, markets } = input;
  const { plan } = validatePlan(input.planned?.warmUp ?? input.plan, { symbols: markets.map(({ symbol }) => symbol), timeframes });
  const known = new Map<string, PreparedBacktest>();
  return (settings) => {
    const firstBars = markets.map(({ symbol, candles }) =>
      startMs === null ? 0 : firstBarFrom(candles, warmUpStartMs(plan, symbol, timeframes[0], startMs, settings)),
    );
    const key = firstBars.join(' ');
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = prepareBacktest({ ...input, markets: markets.map((market, index) => from(market, firstBars[index] ?? 0)) });
    known.set(key, made);
    return made;
  };
}

function from(market: Market, firstBar: number): Market {
  if (firstBar === 0) return market;
  const { symbol, candles, funding } = market;
  const kept: Candles = sliceCandles(candles, firstBar, candles.openTimeMs.length);
  if (funding === null) return { symbol, candles: kept, funding };
  const firstRate = firstAtOrAfter(funding.timeMs, kept.openTimeMs[0] ?? Number.POSITIVE_INFINITY);
  return { symbol, candles: kept, funding: { timeMs: funding.timeMs.subarray(firstRate), rate: funding.rate.subarray(firstRate) } };
}
