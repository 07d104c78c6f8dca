import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sliceCandles } from '../../../src/engine/candles.ts';
import {
  computeColumns,
  computeIndicator,
  extendColumns,
  type IndicatorStates,
  lookbackBars,
  warmUpBars,
  withSiblings,
} from '../../../src/engine/indicators/compute-columns.ts';
import { INDICATOR_NAMES, type IndicatorName } from '../../../src/engine/indicators/indicator-names.ts';
import { resolvePeriods } from '../../../src/engine/indicators/periods.ts';
import { CHECKS, periodSets, walks } from './walks.ts';

const standard = resolvePeriods({ indicator_mode: 'standard', custom_indicator_periods: null });

/** Where to cut a walk. Not fc.double: it draws mostly numbers next to 0. */
const percent = fc.integer({ min: 0, max: 100 });

const emptyColumns = (names: readonly IndicatorName[], barCount: number) =>
  new Map(names.map((name) => [name, new Float64Array(barCount)]));

const throughJson = (states: IndicatorStates): IndicatorStates => JSON.parse(JSON.stringify(states)) as IndicatorStates;

/** Equal to the bit: unlike numbers under ===, bit patterns tell 0 from −0. */
const bitsOf = (column: Float64Array) => new BigUint64Array(column.slice().buffer);

describe('columns', () => {
  it('are known from the bar that fills their window on, in every family and at every length', () => {
    fc.assert(
      fc.property(walks, periodSets, (candles, periods) => {
        const columns = computeColumns(INDICATOR_NAMES, candles, periods);
        // The vwap of a day that starts without volume is unknown for another reason.
        const names = INDICATOR_NAMES.filter((name) => name !== 'vwap');

        const firstKnown = names.map((name) => [name, (columns.get(name)?.findIndex((value) => !Number.isNaN(value)) ?? -1) + 1]);

        expect(firstKnown).toEqual(names.map((name) => [name, warmUpBars(name, periods)]));
      }),
      CHECKS,
    );
  });

  it('need as many bars as their definitions say', () => {
    const bars = Object.fromEntries(INDICATOR_NAMES.map((name) => [name, warmUpBars(name, standard)]));

    expect(bars).toEqual({
      sma_short: 20,
      sma_medium: 50,
      sma_long: 200,
      ema_fast: 12,
      ema_slow: 26,
      rsi: 15,
      atr: 14,
      macd: 26,
      macd_signal: 34,
      macd_hist: 34,
      bb_upper: 20,
      bb_middle: 20,
      bb_lower: 20,
      donchian_high: 21,
      donchian_low: 21,
      adx: 27,
      roc: 11,
      volume_sma: 20,
      vwap: 1,
      stoch_k: 18,
      stoch_d: 18,
      stoch_rsi_k: 32,
      stoch_rsi_d: 32,
      cci: 20,
      mfi: 15,
      williams_r: 14,
      aroon_up: 26,
      aroon_down: 26,
      plus_di: 14,
      minus_di: 14,
      psar: 2,
      supertrend: 10,
      keltner_upper: 20,
      keltner_middle: 20,
      keltner_lower: 20,
      tr: 1,
      wma: 20,
      hma: 23,
      dema: 20,
      tema: 58,
      vwma: 20,
      obv: 2,
      cmf: 20,
    });
    expect(warmUpBars('close', standard)).toBe(1);
    expect(lookbackBars('close', standard)).toBe(0);
  });

  it('go on from a state that went through JSON at any bar, over a tail of the bars, to the bit', () => {
    let resumedKnown = 0;

    fc.assert(
      fc.property(walks, periodSets, percent, (candles, periods, share) => {
        const barCount = candles.close.length;
        const stop = Math.floor((share / 100) * barCount);
        for (const name of INDICATOR_NAMES) {
          const whole = computeIndicator(name, candles, periods);
          const before = emptyColumns(withSiblings([name]), stop);
          const states = extendColumns({}, { candles: sliceCandles(candles, 0, stop), from: 0, to: stop }, before, periods);

          const cut = Math.max(0, stop - lookbackBars(name, periods));
          const tail = sliceCandles(candles, cut, barCount);
          const after = emptyColumns(withSiblings([name]), barCount - cut);
          extendColumns(throughJson(states), { candles: tail, from: stop - cut, to: barCount - cut }, after, periods);

          const resumed = after.get(name)?.subarray(stop - cut) ?? new Float64Array();
          expect(bitsOf(resumed), `${name} from bar ${stop} on`).toEqual(bitsOf(whole.subarray(stop)));
          resumedKnown += resumed.filter((value) => !Number.isNaN(value)).length;
        }
      }),
      { ...CHECKS, numRuns: 60 },
    );

    expect(resumedKnown).toBeGreaterThan(10_000);
  });

  it('are the same bar by bar as in one pass, to the bit', () => {
    fc.assert(
      fc.property(walks, periodSets, (candles, periods) => {
        const barCount = candles.close.length;
        const columns = emptyColumns(INDICATOR_NAMES, barCount);

        let states: IndicatorStates = {};
        for (let index = 0; index < barCount; index += 1) {
          states = extendColumns(throughJson(states), { candles, from: index, to: index + 1 }, columns, periods);
        }

        const whole = computeColumns(INDICATOR_NAMES, candles, periods);
        for (const name of INDICATOR_NAMES) {
          expect(bitsOf(columns.get(name) ?? new Float64Array()), name).toEqual(bitsOf(whole.get(name) ?? new Float64Array()));
        }
      }),
      { ...CHECKS, numRuns: 15 },
    );
  });

  it('do not look ahead: without the later bars the earlier values are the same', () => {
    fc.assert(
      fc.property(walks, percent, (candles, share) => {
        const stop = Math.floor((share / 100) * candles.close.length);

        const whole = computeColumns(INDICATOR_NAMES, candles, standard);
        const early = computeColumns(INDICATOR_NAMES, sliceCandles(candles, 0, stop), standard);

        for (const name of INDICATOR_NAMES) expect(early.get(name), name).toEqual(whole.get(name)?.slice(0, stop));
      }),
      { ...CHECKS, numRuns: 30 },
    );
  });

  it('leave states as they are when there is no new bar', () => {
    const [candles] = fc.sample(walks, { seed: 1, numRuns: 1 });
    if (candles === undefined) throw new Error('no walk');
    const columns = emptyColumns(INDICATOR_NAMES, candles.close.length);
    const states = extendColumns({}, { candles, from: 0, to: 100 }, columns, standard);

    expect(extendColumns(states, { candles, from: 100, to: 100 }, columns, standard)).toEqual(states);
  });

  it('come with the rest of their family, and with nothing else', () => {
    expect(withSiblings(['macd_hist', 'rsi', 'bb_upper'])).toEqual([
      'rsi',
      'macd',
      'macd_signal',
      'macd_hist',
      'bb_upper',
      'bb_middle',
      'bb_lower',
    ]);
  });
});
