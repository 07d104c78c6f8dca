import fc from 'fast-check';
import { ADX, ATR, BollingerBands, DonchianChannels, EMA, MACD, ROC, RSI, SMA, VWAP } from 'trading-signals';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/engine/bar.ts';
import type { Candles } from '../../../src/engine/candles.ts';
import { computeIndicator } from '../../../src/engine/indicators/compute-columns.ts';
import { INDICATOR_NAMES, type IndicatorName } from '../../../src/engine/indicators/indicator-names.ts';
import type { IndicatorPeriods } from '../../../src/engine/indicators/periods.ts';
import { CHECKS, periodSets, walks } from './walks.ts';

const TOLERANCE = 1e-9;

/** Differences of prices, which may lie anywhere around zero, are held to the price and not to themselves. */
const PRICE_DIFFERENCES: readonly IndicatorName[] = ['macd', 'macd_signal', 'macd_hist', 'bb_lower'];

type Candle = { readonly open: number; readonly high: number; readonly low: number; readonly close: number; readonly volume: number };
type Reference = (candle: Candle, openTimeMs: number) => number | null;

const bollinger = (lengthBars: number, band: 'upper' | 'middle' | 'lower'): Reference => {
  const bands = new BollingerBands(lengthBars, 2);
  return ({ close }) => bands.add(close)?.[band] ?? null;
};

const donchian = (lengthBars: number, band: 'upper' | 'lower'): Reference => {
  const channel = new DonchianChannels(lengthBars);
  return (candle) => {
    const previous = channel.isStable ? channel.getResultOrThrow()[band] : null;
    channel.add(candle);
    return previous;
  };
};

const macd = ({ macd_fast, macd_slow, macd_signal }: IndicatorPeriods, line: 'macd' | 'signal' | 'histogram'): Reference => {
  const signal = new EMA(macd_signal);
  const reference = new MACD(new EMA(macd_fast), new EMA(macd_slow), signal);
  return ({ close }) => {
    const result = reference.add(close);
    return result === null || (line !== 'macd' && !signal.isStable) ? null : result[line];
  };
};

const overClose =
  (indicator: SMA | RSI | ROC): Reference =>
  ({ close }) =>
    indicator.add(close);

const ema = (lengthBars: number): Reference => {
  const average = new EMA(lengthBars);
  return ({ close }) => {
    average.add(close);
    return average.isStable ? average.getResultOrThrow() : null;
  };
};

const vwap = (): Reference => {
  let day = -1;
  let average = new VWAP();
  return (candle, openTimeMs) => {
    if (Math.floor(openTimeMs / DAY_MS) !== day) average = new VWAP();
    day = Math.floor(openTimeMs / DAY_MS);
    average.add(candle);
    return average.isStable ? average.getResultOrThrow() : null;
  };
};

const REFERENCES: Record<IndicatorName, (periods: IndicatorPeriods) => Reference> = {
  sma_short: (periods) => overClose(new SMA(periods.sma_short)),
  sma_medium: (periods) => overClose(new SMA(periods.sma_medium)),
  sma_long: (periods) => overClose(new SMA(periods.sma_long)),
  ema_fast: (periods) => ema(periods.ema_fast),
  ema_slow: (periods) => ema(periods.ema_slow),
  rsi: (periods) => overClose(new RSI(periods.rsi)),
  atr: (periods) => {
    const range = new ATR(periods.atr);
    return (candle) => range.add(candle);
  },
  macd: (periods) => macd(periods, 'macd'),
  macd_signal: (periods) => macd(periods, 'signal'),
  macd_hist: (periods) => macd(periods, 'histogram'),
  bb_upper: ({ bb }) => bollinger(bb, 'upper'),
  bb_middle: ({ bb }) => bollinger(bb, 'middle'),
  bb_lower: ({ bb }) => bollinger(bb, 'lower'),
  donchian_high: (periods) => donchian(periods.donchian, 'upper'),
  donchian_low: (periods) => donchian(periods.donchian, 'lower'),
  adx: (periods) => {
    const strength = new ADX(periods.adx);
    return (candle) => strength.add(candle);
  },
  roc: (periods) => {
    const change = overClose(new ROC(periods.roc));
    return (candle, openTimeMs) => {
      const fraction = change(candle, openTimeMs);
      return fraction === null ? null : fraction * 100;
    };
  },
  volume_sma: (periods) => {
    const average = new SMA(periods.volume_sma);
    return ({ volume }) => average.add(volume);
  },
  vwap,
};

/** Every candle is an object of its own: trading-signals keeps the ones it is given. */
function candleAt({ open, high, low, close, volume }: Candles, index: number): Candle {
  const at = (column: Float64Array) => column[index] as number;
  return { open: at(open), high: at(high), low: at(low), close: at(close), volume: at(volume) };
}

describe('columns beside trading-signals', () => {
  it.each(INDICATOR_NAMES)('%s is the same from the same bar on', (name) => {
    let compared = 0;

    fc.assert(
      fc.property(walks, periodSets, (candles, periods) => {
        const column = computeIndicator(name, candles, periods);
        const reference = REFERENCES[name](periods);

        column.forEach((value, index) => {
          const candle = candleAt(candles, index);
          const expected = reference(candle, candles.openTimeMs[index] as number);
          if (expected === null) {
            expect(value, `${name} is unknown at bar ${index}`).toBeNaN();
            return;
          }
          // Without any range yet trading-signals divides by it and stays NaN for good; here DX is 0 then.
          if (name === 'adx' && Number.isNaN(expected)) return;
          const scale = PRICE_DIFFERENCES.includes(name) ? candle.close : Math.abs(expected);
          if (!(Math.abs(value - expected) <= TOLERANCE * scale)) expect(value, `${name} at bar ${index}`).toBe(expected);
          compared += 1;
        });
      }),
      CHECKS,
    );

    expect(compared).toBeGreaterThan(10_000);
  });
});
