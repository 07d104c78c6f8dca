import { ADX, ATR, BollingerBands, DonchianChannels, EMA, MACD, ROC, RSI, SMA, VWAP } from 'trading-signals';
import { DAY_MS } from '../bar.ts';
import type { Candles } from '../candles.ts';
import { computeColumns } from './compute-columns.ts';
import { TABLE_FAMILY_OF, type TableFamily } from './families.ts';
import { FURTHER_INDICATOR_NAMES, type IndicatorName, TABLE_INDICATOR_NAMES, type TableIndicatorName } from './indicator-names.ts';
import { type LibraryPass, passColumns } from './library-kernel.ts';
import type { IndicatorPeriods } from './periods.ts';

/** The same columns as `computeColumns`, all of them out of trading-signals. */
export function computeReferenceColumns(
  names: Iterable<IndicatorName>,
  candles: Candles,
  periods: IndicatorPeriods,
): Map<IndicatorName, Float64Array> {
  const wanted = new Set(names);
  const further = FURTHER_INDICATOR_NAMES.filter((name) => wanted.has(name));
  const columns = computeColumns(further, candles, periods);
  const families = new Set(TABLE_INDICATOR_NAMES.filter((name) => wanted.has(name)).map((name) => TABLE_FAMILY_OF[name]));
  for (const family of families) {
    const outputs = outputsOf(family);
    const values = passColumns(PASSES[family](periods), outputs.length, candles);
    for (const [index, name] of outputs.entries()) columns.set(name, values[index] as Float64Array);
  }
  return columns;
}

function outputsOf(family: TableFamily): readonly TableIndicatorName[] {
  return TABLE_INDICATOR_NAMES.filter((name) => TABLE_FAMILY_OF[name] === family);
}

/** The values of each are those of its family's names, in their reading order. */
const PASSES: Readonly<Record<TableFamily, (periods: IndicatorPeriods) => LibraryPass>> = {
  sma_short: (periods) => overClose(new SMA(periods.sma_short)),
  sma_medium: (periods) => overClose(new SMA(periods.sma_medium)),
  sma_long: (periods) => overClose(new SMA(periods.sma_long)),
  ema_fast: (periods) => exponential(periods.ema_fast),
  ema_slow: (periods) => exponential(periods.ema_slow),
  rsi: (periods) => overClose(new RSI(periods.rsi)),
  atr: (periods) => overBars(new ATR(periods.atr)),
  macd,
  bb: ({ bb: lengthBars }) => {
    const bands = new BollingerBands(lengthBars, 2);
    return ({ close }) => {
      const known = bands.add(close);
      return known === null ? null : [known.upper, known.middle, known.lower];
    };
  },
  donchian,
  adx: (periods) => overBars(new ADX(periods.adx)),
  roc: (periods) => {
    const change = new ROC(periods.roc);
    return ({ close }) => {
      const fraction = change.add(close);
      return fraction === null ? null : [fraction * 100];
    };
  },
  volume_sma: (periods) => {
    const mean = new SMA(periods.volume_sma);
    return ({ volume }) => oneValue(mean.add(volume));
  },
  vwap,
};

function overClose(indicator: RSI | SMA): LibraryPass {
  return ({ close }) => oneValue(indicator.add(close));
}

function overBars(indicator: ADX | ATR): LibraryPass {
  return (bar) => oneValue(indicator.add(bar));
}

function oneValue(value: number | null): readonly number[] | null {
  return value === null ? null : [value];
}

/** It answers before it is stable. */
function exponential(lengthBars: number): LibraryPass {
  const average = new EMA(lengthBars);
  return ({ close }) => {
    const value = average.add(close);
    return value !== null && average.isStable ? [value] : null;
  };
}

/** The signal line answers before it is stable. */
function macd({ macd_fast, macd_slow, macd_signal }: IndicatorPeriods): LibraryPass {
  const signal = new EMA(macd_signal);
  const difference = new MACD(new EMA(macd_fast), new EMA(macd_slow), signal);
  return ({ close }) => {
    const known = difference.add(close);
    if (known === null) return null;
    return signal.isStable ? [known.macd, known.signal, known.histogram] : [known.macd, Number.NaN, Number.NaN];
  };
}

/** The channel of the bars before: what was known when the bar came. */
function donchian({ donchian: lengthBars }: IndicatorPeriods): LibraryPass {
  const channel = new DonchianChannels(lengthBars);
  return (bar) => {
    const before = channel.isStable ? channel.getResultOrThrow() : null;
    channel.add(bar);
    return before === null ? null : [before.upper, before.lower];
  };
}

/** Started over at every UTC day. */
function vwap(): LibraryPass {
  let day = Number.NaN;
  let average = new VWAP();
  return (bar) => {
    const barDay = Math.floor(bar.openTimeMs / DAY_MS);
    if (barDay !== day) average = new VWAP();
    day = barDay;
    average.add(bar);
    return average.isStable ? [average.getResultOrThrow()] : null;
  };
}
