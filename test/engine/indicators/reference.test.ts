import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregateCandles } from '../../../src/engine/aggregate.ts';
import { backtest } from '../../../src/engine/backtest.ts';
import { candlesFromBars } from '../../../src/engine/candles.ts';
import { computeColumns } from '../../../src/engine/indicators/compute-columns.ts';
import { FURTHER_INDICATOR_NAMES, type IndicatorName, TABLE_INDICATOR_NAMES } from '../../../src/engine/indicators/indicator-names.ts';
import type { IndicatorSource } from '../../../src/engine/indicators/indicator-source.ts';
import { resolvePeriods } from '../../../src/engine/indicators/periods.ts';
import { computeReferenceColumns } from '../../../src/engine/indicators/reference.ts';
import { prepareBacktest } from '../../../src/engine/prepare-backtest.ts';
import type { Trade } from '../../../src/engine/result.ts';
import { effectiveSettings } from '../../../src/engine/settings.ts';
import { inputOf, randomWalk, SYMBOL, triggerWith } from '../../support/bars.ts';
import { CHECKS, periodSets, walks } from './walks.ts';

const TOLERANCE = 1e-9;

/** Differences of prices, which may lie anywhere around zero, are held to the price and not to themselves. */
const PRICE_DIFFERENCES: readonly IndicatorName[] = ['macd', 'macd_signal', 'macd_hist', 'bb_lower'];

const columnOf = (columns: ReadonlyMap<IndicatorName, Float64Array>, name: IndicatorName) => columns.get(name) ?? new Float64Array();

describe('columns beside trading-signals', () => {
  it.each(TABLE_INDICATOR_NAMES)('%s is the same from the same bar on', (name) => {
    let compared = 0;

    fc.assert(
      fc.property(walks, periodSets, (candles, periods) => {
        const column = columnOf(computeColumns([name], candles, periods), name);
        const reference = columnOf(computeReferenceColumns([name], candles, periods), name);

        expect(reference.length).toBe(column.length);
        reference.forEach((expected, index) => {
          const value = column[index] as number;
          // Without any range yet trading-signals divides by it and stays NaN for good; here DX is 0 then.
          if (name === 'adx' && Number.isNaN(expected) && column.subarray(0, index + 1).includes(0)) return;
          if (Number.isNaN(expected)) {
            expect(value, `${name} is unknown at bar ${index}`).toBeNaN();
            return;
          }
          const scale = PRICE_DIFFERENCES.includes(name) ? (candles.close[index] as number) : Math.abs(expected);
          if (!(Math.abs(value - expected) <= TOLERANCE * scale)) expect(value, `${name} at bar ${index}`).toBe(expected);
          compared += 1;
        });
      }),
      CHECKS,
    );

    expect(compared).toBeGreaterThan(10_000);
  });

  it('come with the rest of their family, and the further ones are those of every run', () => {
    const [candles] = fc.sample(walks, { seed: 3, numRuns: 1 });
    const [periods] = fc.sample(periodSets, { seed: 3, numRuns: 1 });
    if (candles === undefined || periods === undefined) throw new Error('nothing was sampled');

    const columns = computeReferenceColumns(['macd_hist', ...FURTHER_INDICATOR_NAMES], candles, periods);

    expect([...columns.keys()].sort()).toEqual(['macd', 'macd_signal', 'macd_hist', ...FURTHER_INDICATOR_NAMES].sort());
    const own = computeColumns(FURTHER_INDICATOR_NAMES, candles, periods);
    for (const name of FURTHER_INDICATOR_NAMES) expect(columns.get(name), name).toEqual(own.get(name));
  });
});

describe('a run on the reference', () => {
  const TRIGGERS = [
    triggerWith({
      id: 'pullback',
      entry: 'rsi < 45 and close > bb_lower',
      exit: 'macd_hist < 0 and adx > 15',
      target: { kind: 'r', multiple: 2 },
    }),
    triggerWith({
      id: 'break',
      side: 'short',
      entry: 'close < donchian_low or ema_fast crosses_below ema_slow',
      exit: 'roc > 0.3',
      target: null,
    }),
    triggerWith({
      id: 'volume',
      entry: 'close > vwap and volume > volume_sma and sma_short@15m > sma_medium@15m',
      exit: 'close < sma_short',
    }),
  ].map((trigger) => ({ ...trigger, stop: { kind: 'atr', multiple: 1.5 } as const }));

  const run = (seed: number, indicators?: IndicatorSource) =>
    backtest(
      inputOf({
        bars: { [SYMBOL]: randomWalk({ seed, barCount: 1_200 }) },
        triggers: TRIGGERS,
        settings: { indicator_mode: 'short_term' },
        input: { timeframes: ['5m', '15m'], ...(indicators === undefined ? {} : { indicators }) },
      }),
    );

  /** What a trade is, apart from the last digits of its numbers. */
  const shapeOf = ({ trigger_id, entry_time, exit_time, exit_reason, side }: Trade) => ({
    trigger_id,
    entry_time,
    exit_time,
    exit_reason,
    side,
  });

  it('makes the same trades', () => {
    let trades = 0;

    for (const seed of [1, 2, 3, 4, 5]) {
      const own = run(seed);
      const reference = run(seed, 'reference');

      expect(reference.trades.map(shapeOf)).toEqual(own.trades.map(shapeOf));
      for (const [index, { pnl, stop }] of own.trades.entries()) {
        expect((reference.trades[index]?.stop ?? Number.NaN) / stop).toBeCloseTo(1, 9);
        expect(reference.trades[index]?.pnl).toBeCloseTo(pnl, 3);
      }
      expect(reference.summary.final_equity / own.summary.final_equity).toBeCloseTo(1, 7);
      trades += own.trades.length;
    }

    expect(trades).toBeGreaterThan(100);
  });

  it('reads the columns of trading-signals, in every timeframe', () => {
    const settings = effectiveSettings({});
    const input = inputOf({ bars: { [SYMBOL]: randomWalk({ seed: 6, barCount: 900 }) }, input: { timeframes: ['5m', '15m'] } });
    const columnOn = (indicators: IndicatorSource) =>
      prepareBacktest({ ...input, indicators })
        .columnsFor(settings)[0]
        ?.column('sma_short', '15m');
    const base = input.markets[0]?.candles ?? candlesFromBars([]);
    const expected = computeReferenceColumns(['sma_short'], aggregateCandles(base, '5m', '15m'), resolvePeriods(settings)).get('sma_short');

    expect(columnOn('reference')).toEqual(expected);
    expect(columnOn('kernels'), 'whose last digits differ').not.toEqual(expected);
  });

  it('is told from a run on our own kernels by its input hash and a remark; saying the default changes nothing', () => {
    const own = run(1);
    const reference = run(1, 'reference');

    expect(run(1, 'kernels')).toEqual(own);
    expect(reference.input_hash).not.toBe(own.input_hash);
    expect(reference.remarks).toEqual(['indicators from trading-signals', ...own.remarks]);
  });
});
