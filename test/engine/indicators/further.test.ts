import fc from 'fast-check';
import { DEMA, DX, KeltnerChannels, PSAR, SuperTrend, TEMA } from 'trading-signals';
import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS, TIMEFRAME_MS } from '../../../src/engine/bar.ts';
import { CANDLE_COLUMNS, type Candles, candlesFromBars, sliceCandles } from '../../../src/engine/candles.ts';
import {
  computeColumns,
  computeIndicator,
  extendColumns,
  lookbackBars,
  warmUpBars,
  withSiblings,
} from '../../../src/engine/indicators/compute-columns.ts';
import { FURTHER_INDICATOR_NAMES, type IndicatorName } from '../../../src/engine/indicators/indicator-names.ts';
import { SETTLING_BARS } from '../../../src/engine/indicators/library-kernel.ts';
import { resolvePeriods } from '../../../src/engine/indicators/periods.ts';
import { openColumns } from '../../../src/engine/market-columns.ts';
import { warmUpStartMs } from '../../../src/engine/plan-columns.ts';
import { parseRule } from '../../../src/engine/rules/parse-rule.ts';
import { effectiveSettings } from '../../../src/engine/settings.ts';
import { validatePlan } from '../../../src/engine/validate-plan.ts';
import { planWith, randomWalk, SYMBOL, triggerWith } from '../../support/bars.ts';
import { CHECKS, walks } from './walks.ts';

const STANDARD = resolvePeriods({ indicator_mode: 'standard', custom_indicator_periods: null });
const SHORT = resolvePeriods({ indicator_mode: 'short_term', custom_indicator_periods: null });

type Row = { readonly price: number; readonly high?: number; readonly low?: number; readonly volume?: number };

const candlesOf = (rows: readonly Row[]): Candles =>
  candlesFromBars(
    rows.map(({ price, high = price, low = price, volume = 1 }, index) => ({
      openTimeMs: index * MINUTE_MS,
      open: price,
      high,
      low,
      close: price,
      volume,
    })),
  );

const still = (count: number, price: number, volume = 1): readonly Row[] => Array.from({ length: count }, () => ({ price, volume }));

const last = (name: IndicatorName, candles: Candles) => computeIndicator(name, candles, STANDARD).at(-1);

/** Every price of the bars times the factor. */
const timesPrice = (candles: Candles, factor: number): Candles => ({
  ...candles,
  ...Object.fromEntries(['open', 'high', 'low', 'close'].map((name) => [name, candles[name as 'open'].map((price) => price * factor)])),
});

const sampleWalk = (seed: number): Candles => {
  const [candles] = fc.sample(walks, { seed, numRuns: 1 });
  if (candles === undefined) throw new Error('no walk');
  return candles;
};

describe('what trading-signals computes', () => {
  it('goes on from its window, or from two blocks of bars where the library goes on from value to value', () => {
    const settling = FURTHER_INDICATOR_NAMES.filter((name) => lookbackBars(name, STANDARD) === 2 * SETTLING_BARS - 1);
    const windowed = FURTHER_INDICATOR_NAMES.filter((name) => !settling.includes(name) && name !== 'tr' && name !== 'obv');

    expect(settling).toEqual([
      'stoch_rsi_k',
      'stoch_rsi_d',
      'plus_di',
      'minus_di',
      'psar',
      'supertrend',
      'keltner_upper',
      'keltner_middle',
      'keltner_lower',
      'dema',
      'tema',
    ]);
    expect(windowed.map((name) => lookbackBars(name, STANDARD))).toEqual(windowed.map((name) => warmUpBars(name, STANDARD) - 1));
    expect(lookbackBars('tr', STANDARD), 'the close before').toBe(1);
    expect(lookbackBars('obv', STANDARD), 'the close before').toBe(1);
  });

  it('keeps nothing of itself in the state but how many bars there were', () => {
    const candles = sampleWalk(5);
    const names = FURTHER_INDICATOR_NAMES.filter((name) => name !== 'obv');
    const columns = new Map(names.map((name) => [name, new Float64Array(candles.close.length)]));

    const states = extendColumns({}, { candles, from: 0, to: 40 }, columns, STANDARD);

    expect(new Set(Object.values(states).map((state) => JSON.stringify(state)))).toEqual(new Set(['{"seenBars":40}']));
  });

  it('refuses to go on without the bars it depends on', () => {
    const candles = sampleWalk(5);
    const goOn = (name: IndicatorName, keptBars: number) => () => {
      const columns = new Map(withSiblings([name]).map((sibling) => [sibling, new Float64Array(60)]));
      const states = extendColumns({}, { candles, from: 0, to: 50 }, columns, STANDARD);
      extendColumns(states, { candles: sliceCandles(candles, 50 - keptBars, 60), from: keptBars, to: keptBars + 10 }, columns, STANDARD);
    };

    expect(goOn('psar', 49)).toThrow('To go on, psar need the 50 bars before; 49 are there.');
    expect(goOn('psar', 50)).not.toThrow();
    expect(goOn('williams_r', 12)).toThrow('need the 13 bars before; 12 are there');
    expect(goOn('williams_r', 13)).not.toThrow();
  });

  it('goes on to the bit from any bar of any block, over no more bars than it says', () => {
    const candles = candlesFromBars(randomWalk({ seed: 12, barCount: 1_100 }));
    const whole = computeColumns(FURTHER_INDICATOR_NAMES, candles, STANDARD);

    for (const stop of [1, 255, 256, 257, 300, 511, 512, 513, 767, 768, 1_000]) {
      for (const name of FURTHER_INDICATOR_NAMES) {
        const names = withSiblings([name]);
        const before = new Map(names.map((sibling) => [sibling, new Float64Array(stop)]));
        const states = extendColumns({}, { candles: sliceCandles(candles, 0, stop), from: 0, to: stop }, before, STANDARD);
        const cut = Math.max(0, stop - lookbackBars(name, STANDARD));
        const tail = sliceCandles(candles, cut, 1_100);
        const after = new Map(names.map((sibling) => [sibling, new Float64Array(1_100 - cut)]));
        extendColumns(JSON.parse(JSON.stringify(states)), { candles: tail, from: stop - cut, to: 1_100 - cut }, after, STANDARD);

        expect(after.get(name)?.slice(stop - cut), `${name} from bar ${stop} on`).toEqual(whole.get(name)?.slice(stop));
      }
    }
  });

  it('is settled when a block takes over: the library without blocks says the same', () => {
    const bars = randomWalk({ seed: 13, barCount: 4_000 });
    const columns = computeColumns(['keltner_upper', 'supertrend', 'plus_di', 'tema', 'dema'], candlesFromBars(bars), STANDARD);
    const keltner = new KeltnerChannels({ emaInterval: 20, atrInterval: 10, multiplier: 2 });
    const trend = new SuperTrend({ interval: 10, multiplier: 3 });
    const directions = new DX(14);
    const triple = new TEMA(20);
    const double = new DEMA(20);
    const unbroken = bars.map((bar) => {
      directions.add(bar);
      return {
        keltner_upper: keltner.add(bar)?.upper,
        supertrend: trend.add(bar)?.supertrend,
        plus_di: (directions.pdi ?? Number.NaN) * 100,
        tema: triple.add(bar.close),
        dema: double.add(bar.close),
      };
    });

    for (const name of ['keltner_upper', 'supertrend', 'plus_di', 'tema', 'dema'] as const) {
      const worst = Math.max(
        ...unbroken.map((values, index) => Math.abs((columns.get(name)?.[index] ?? 0) / (values[name] ?? 0) - 1)).slice(100),
      );
      expect(worst, name).toBeLessThan(1e-6);
    }
  });

  it('is known again after bars without movement or volume, also where a column starts with them', () => {
    for (const quiet of [still(40, 100), still(40, 100, 0)]) {
      const moving = Array.from({ length: 60 }, (_, index) => {
        const price = 100 + ((index * 7) % 11);
        return { price, high: price + 1, low: price - 1, volume: 1 + index };
      });
      const columns = computeColumns(FURTHER_INDICATOR_NAMES, candlesOf([...quiet, ...moving]), STANDARD);

      for (const name of FURTHER_INDICATOR_NAMES) {
        const tail = columns.get(name)?.slice(-20) ?? new Float64Array();
        expect(
          tail.every((value) => Number.isFinite(value)),
          name,
        ).toBe(true);
      }
    }
  });
});

describe('without any movement', () => {
  const flat = candlesOf(still(60, 65_000.1));

  it('cci and directions are unknown, being nothing over nothing', () => {
    expect(last('cci', flat)).toBeNaN();
    expect(last('plus_di', flat)).toBeNaN();
    expect(last('minus_di', flat)).toBeNaN();
  });

  it('stochastics are 0 and williams_r −100', () => {
    expect(last('stoch_k', flat)).toBe(0);
    expect(last('stoch_rsi_k', flat)).toBe(0);
    expect(last('williams_r', flat)).toBe(-100);
  });

  it('cci is known as soon as one bar of its window moved', () => {
    for (const price of [0.1, 0.7, 1.3, 65_000, 65_000.1]) {
      expect(last('cci', candlesOf([{ price: price * 2 }, ...still(19, price)]))).toBeLessThan(0);
      expect(last('cci', candlesOf([{ price: price * 2 }, ...still(20, price)])), `${price}, whatever rounding makes of it`).toBeNaN();
    }
  });
});

describe('stoch_rsi', () => {
  it('counts an rsi of exactly 0', () => {
    const falling = Array.from({ length: 40 }, (_, index) => ({ price: 200 - index }));
    const bounced = candlesOf([...falling, { price: 162 }, { price: 163 }, { price: 164 }]);

    expect(last('rsi', candlesOf(falling))).toBe(0);
    expect(last('stoch_rsi_k', candlesOf(falling))).toBe(0);
    expect(last('stoch_rsi_k', bounced), 'three new highs of the rsi').toBe(100);
  });
});

describe('vwma', () => {
  it('is unknown while its window has no volume', () => {
    const candles = candlesOf([...still(20, 100), ...still(20, 110, 0), { price: 120, volume: 2 }]);
    const column = computeIndicator('vwma', candles, STANDARD);

    expect([column[38], column[39], column[40]]).toEqual([100, Number.NaN, 120]);
  });
});

describe('obv', () => {
  it('starts with the change of the second bar', () => {
    const candles = candlesOf([
      { price: 10, volume: 5 },
      { price: 11, volume: 3 },
      { price: 11, volume: 8 },
      { price: 9, volume: 4 },
    ]);

    expect([...computeIndicator('obv', candles, STANDARD)]).toEqual([Number.NaN, 3, 3, -1]);
  });
});

describe('psar', () => {
  it('is the library’s where a hundredth is nothing', () => {
    let compared = 0;

    fc.assert(
      fc.property(walks, (walk) => {
        const candles = timesPrice(walk, 2 ** 40);
        const plain = new PSAR({ accelerationStep: 0.02, accelerationMax: 0.2 });
        const expected = Array.from(candles.high, (high, index) => plain.add({ high, low: candles.low[index] as number }) ?? Number.NaN);

        const column = computeIndicator('psar', candles, STANDARD);

        for (const [index, value] of expected.entries()) {
          if (index === 0) continue;
          expect(Math.abs((column[index] as number) / value - 1)).toBeLessThan(1e-7);
          compared += 1;
        }
      }),
      { ...CHECKS, numRuns: 20 },
    );

    expect(compared).toBeGreaterThan(2_000);
  });

  it('means the same for a coin of any price, to the bit', () => {
    fc.assert(
      fc.property(walks, fc.integer({ min: 1, max: 40 }), (candles, halvings) => {
        const factor = 2 ** -halvings;

        const cheap = computeIndicator('psar', timesPrice(candles, factor), SHORT);

        expect(cheap).toEqual(computeIndicator('psar', candles, SHORT).map((value) => value * factor));
        expect(Math.min(...cheap.subarray(1))).toBeGreaterThan(0);
      }),
      { ...CHECKS, numRuns: 30 },
    );
  });
});

describe('the further names in rules', () => {
  const settings = effectiveSettings({});

  it.each(FURTHER_INDICATOR_NAMES)(
    '%s is known at the first decision when its warm-up was loaded, on a higher timeframe and bars back too',
    (name) => {
      const bars = randomWalk({ seed: 9, barCount: 2_000 });
      const startMs = DAY_MS * Math.ceil((bars[1_200]?.openTimeMs ?? 0) / DAY_MS);
      const entry = `${name}@15m[2] > 0 and close > 0`;
      const { plan } = validatePlan(planWith([triggerWith({ entry })]), { symbols: [SYMBOL], timeframes: ['5m', '15m'] });
      const decideAt = (firstMs: number) => {
        const candles = candlesFromBars(bars.filter(({ openTimeMs }) => openTimeMs >= firstMs));
        const market = openColumns(candles, '5m', STANDARD);
        const visible = market.visible('15m')?.[candles.openTimeMs.indexOf(startMs)] ?? -1;
        return market.column(name, '15m')[visible - 2] ?? Number.NaN;
      };

      const firstMs = warmUpStartMs(plan, SYMBOL, '5m', startMs, settings);

      expect(decideAt(firstMs)).not.toBeNaN();
      expect(decideAt(firstMs + TIMEFRAME_MS['15m']), 'one bar less').toBeNaN();
    },
  );

  it('are refused with what was likely meant', () => {
    expect(() => parseRule('stoch > 80')).toThrow('unknown name "stoch"; did you mean stoch_k or stoch_d');
    expect(() => parseRule('keltner_uper > close')).toThrow('unknown name "keltner_uper"; did you mean keltner_upper?');
    expect(() => parseRule('wiliams_r < -80')).toThrow('did you mean williams_r?');
    expect(() => parseRule('cci_20 > 100')).toThrow('names never carry a period; periods belong to indicator_mode); did you mean cci?');
    expect(() => parseRule('sar < close')).toThrow('did you mean psar?');
  });

  it('all bar columns stay as they are', () => {
    const candles = sampleWalk(7);
    const before = CANDLE_COLUMNS.map((name) => candles[name].slice());

    computeColumns(FURTHER_INDICATOR_NAMES, candles, STANDARD);

    expect(CANDLE_COLUMNS.map((name) => candles[name])).toEqual(before);
  });
});
