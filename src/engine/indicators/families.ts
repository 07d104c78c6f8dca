import { type AdxState, adxKernel } from './adx.ts';
import { type AtrState, atrKernel } from './atr.ts';
import { bollingerKernel } from './bollinger.ts';
import { type DonchianState, donchianKernel } from './donchian.ts';
import { type EmaState, emaKernel } from './ema.ts';
import type { IndicatorName } from './indicator-names.ts';
import type { Kernel } from './kernel.ts';
import { type MacdState, macdKernel } from './macd.ts';
import { meanKernel, type WindowSum } from './mean.ts';
import type { IndicatorPeriods } from './periods.ts';
import { type RocState, rocKernel } from './roc.ts';
import { type RsiState, rsiKernel } from './rsi.ts';
import { type VwapState, vwapKernel } from './vwap.ts';

/** What each family of indicators carries from bar to bar. */
export type FamilyStates = {
  readonly sma_short: WindowSum;
  readonly sma_medium: WindowSum;
  readonly sma_long: WindowSum;
  readonly ema_fast: EmaState;
  readonly ema_slow: EmaState;
  readonly rsi: RsiState;
  readonly atr: AtrState;
  readonly macd: MacdState;
  readonly bb: WindowSum;
  readonly donchian: DonchianState;
  readonly adx: AdxState;
  readonly roc: RocState;
  readonly volume_sma: WindowSum;
  readonly vwap: VwapState;
};

/** Indicators that come out of one pass together. */
export type Family = keyof FamilyStates;

export const KERNELS: { readonly [Name in Family]: (periods: IndicatorPeriods) => Kernel<FamilyStates[Name]> } = {
  sma_short: (periods) => meanKernel({ source: 'close', output: 'sma_short', lengthBars: periods.sma_short }),
  sma_medium: (periods) => meanKernel({ source: 'close', output: 'sma_medium', lengthBars: periods.sma_medium }),
  sma_long: (periods) => meanKernel({ source: 'close', output: 'sma_long', lengthBars: periods.sma_long }),
  ema_fast: (periods) => emaKernel({ output: 'ema_fast', lengthBars: periods.ema_fast }),
  ema_slow: (periods) => emaKernel({ output: 'ema_slow', lengthBars: periods.ema_slow }),
  rsi: (periods) => rsiKernel(periods.rsi),
  atr: (periods) => atrKernel(periods.atr),
  macd: (periods) => macdKernel({ fastBars: periods.macd_fast, slowBars: periods.macd_slow, signalBars: periods.macd_signal }),
  bb: (periods) => bollingerKernel(periods.bb),
  donchian: (periods) => donchianKernel(periods.donchian),
  adx: (periods) => adxKernel(periods.adx),
  roc: (periods) => rocKernel(periods.roc),
  volume_sma: (periods) => meanKernel({ source: 'volume', output: 'volume_sma', lengthBars: periods.volume_sma }),
  vwap: () => vwapKernel,
};

export const FAMILY_OF: Readonly<Record<IndicatorName, Family>> = {
  sma_short: 'sma_short',
  sma_medium: 'sma_medium',
  sma_long: 'sma_long',
  ema_fast: 'ema_fast',
  ema_slow: 'ema_slow',
  rsi: 'rsi',
  atr: 'atr',
  macd: 'macd',
  macd_signal: 'macd',
  macd_hist: 'macd',
  bb_upper: 'bb',
  bb_middle: 'bb',
  bb_lower: 'bb',
  donchian_high: 'donchian',
  donchian_low: 'donchian',
  adx: 'adx',
  roc: 'roc',
  volume_sma: 'volume_sma',
  vwap: 'vwap',
};
