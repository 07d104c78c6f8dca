import type { Timeframe } from '../engine/bar.ts';
import type { ColumnName } from '../engine/indicators/indicator-names.ts';
import type { MarketColumns } from '../engine/market-columns.ts';
import type { Plan } from '../engine/plan.ts';

/** What kind of market the bars of one timeframe show. Distances in ATRs, so that they mean the same for every symbol; null is not known yet. */
export type RegimeFeatures = {
  /** Close above (+) or below (−) sma_long. */
  readonly trend_atr: number | null;
  /** sma_short above (+) or below (−) sma_long. */
  readonly spread_atr: number | null;
  /** What sma_medium moved over the last 10 bars. */
  readonly slope_atr: number | null;
  readonly adx: number | null;
  readonly atr_pct: number | null;
  /** ATR beside its mean over the last 100 bars. */
  readonly atr_ratio: number | null;
  /** Share of the last 100 bars whose ATR was smaller; 0–1. */
  readonly atr_rank: number | null;
  /** Distance gone over way walked in the last 20 bars; 0 is noise, 1 a straight line. */
  readonly efficiency: number | null;
  /** Where the close lies in the Donchian channel; 0 at its low, 1 at its high. */
  readonly channel: number | null;
  /** From the lower Bollinger band to the upper, the median of the last 100 bars. */
  readonly band_atr: number | null;
  /** Volume beside volume_sma. */
  readonly volume_ratio: number | null;
};

const ATR_BARS = 100;
const SLOPE_BARS = 10;
const PATH_BARS = 20;

const HIGH_VOLATILITY = { rank: 0.9, ratio: 1.5 } as const;

/** What a walk without any trend shows on average, of 14 bars as all levels of the ADX here. */
export const NOISE_ADX = 22;
const TREND = { adx: NOISE_ADX, spreadAtr: 0.5 } as const;
const RANGE = { adx: 18, efficiency: 0.2 } as const;
export const USUAL_ADX_BARS = 14;

/** Reads the features as they were known at that bar of the timeframe; nothing later is looked at. */
export function readRegime({ column }: Pick<MarketColumns, 'column'>, timeframe: Timeframe, bar: number): RegimeFeatures {
  const at = (name: ColumnName, back = 0) => column(name, timeframe)[bar - back] ?? Number.NaN;
  const close = at('close');
  const atr = at('atr');
  const low = at('donchian_low');
  const atrs = column('atr', timeframe).subarray(Math.max(0, bar - ATR_BARS), Math.max(0, bar));
  return {
    trend_atr: known((close - at('sma_long')) / atr),
    spread_atr: known((at('sma_short') - at('sma_long')) / atr),
    slope_atr: known((at('sma_medium') - at('sma_medium', SLOPE_BARS)) / atr),
    adx: known(at('adx')),
    atr_pct: known((atr / close) * 100),
    atr_ratio: atrs.length < ATR_BARS ? null : known(atr / (sum(atrs) / ATR_BARS)),
    atr_rank: atrs.length < ATR_BARS || Number.isNaN(atr) ? null : known(atrs.filter((each) => each < atr).length / ATR_BARS),
    efficiency: bar < PATH_BARS ? null : efficiencyOf(column('close', timeframe).subarray(bar - PATH_BARS, bar + 1)),
    channel: known((close - low) / (at('donchian_high') - low)),
    band_atr: medianBand({ column }, timeframe, bar),
    volume_ratio: known(at('volume') / at('volume_sma')),
  };
}

/** One word for the features; what is not known yet is `mixed`. */
export function nameRegime(features: RegimeFeatures, adxBars: number): Plan['regime'] {
  const { spread_atr, slope_atr, adx, atr_rank, atr_ratio, efficiency } = features;
  if (atr_rank !== null && atr_ratio !== null && atr_rank >= HIGH_VOLATILITY.rank && atr_ratio >= HIGH_VOLATILITY.ratio) return 'high_vol';
  if (adx === null || spread_atr === null || slope_atr === null) return 'mixed';
  if (adx >= adxLevel(TREND.adx, adxBars) && spread_atr >= TREND.spreadAtr && slope_atr > 0) return 'bull';
  if (adx >= adxLevel(TREND.adx, adxBars) && spread_atr <= -TREND.spreadAtr && slope_atr < 0) return 'bear';
  if (adx < adxLevel(RANGE.adx, adxBars) || (efficiency !== null && efficiency < RANGE.efficiency)) return 'range';
  return 'mixed';
}

/**
 * A level of the ADX that is known for 14 bars, for another period. The fewer bars, the more direction noise seems to have: on a walk
 * without a trend the median is within a tenth of 22 × √(14 / bars) for every period from 3 to 100 bars.
 */
export function adxLevel(level: number, adxBars: number): number {
  return Math.round(level * Math.sqrt(USUAL_ADX_BARS / adxBars) * 10) / 10;
}

function medianBand({ column }: Pick<MarketColumns, 'column'>, timeframe: Timeframe, bar: number): number | null {
  const [upper, lower, atr] = [column('bb_upper', timeframe), column('bb_lower', timeframe), column('atr', timeframe)];
  const first = bar - ATR_BARS + 1;
  if (first < 0) return null;
  const widths = Float64Array.from({ length: ATR_BARS }, (_, back) => {
    const at = first + back;
    return ((upper[at] as number) - (lower[at] as number)) / (atr[at] as number);
  });
  return known(widths.every(Number.isFinite) ? (widths.sort()[ATR_BARS / 2] as number) : Number.NaN);
}

function efficiencyOf(closes: Float64Array): number | null {
  let walked = 0;
  for (let index = 1; index < closes.length; index++) walked += Math.abs((closes[index] as number) - (closes[index - 1] as number));
  return known(Math.abs((closes.at(-1) ?? Number.NaN) - (closes[0] ?? Number.NaN)) / walked);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Three decimals say enough and keep the text short. */
function known(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 1_000) / 1_000 : null;
}
