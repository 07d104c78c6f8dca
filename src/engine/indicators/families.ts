import { type AdxState, adxKernel } from './adx.ts';
import { type AtrState, atrKernel } from './atr.ts';
import { bollingerKernel } from './bollinger.ts';
import { type DonchianState, donchianKernel } from './donchian.ts';
import { type EmaState, emaKernel } from './ema.ts';
import { FURTHER_LINES } from './further-lines.ts';
import { FURTHER_READINGS } from './further-readings.ts';
import type { FurtherIndicatorName, IndicatorName, TableIndicatorName } from './indicator-names.ts';
import type { Kernel } from './kernel.ts';
import { type BarsSeen, type LibraryFamily, libraryKernel } from './library-kernel.ts';
import { type MacdState, macdKernel } from './macd.ts';
import { meanKernel, type WindowSum } from './mean.ts';
import { type ObvState, obvKernel } from './obv.ts';
import type { IndicatorPeriods } from './periods.ts';
import { type RocState, rocKernel } from './roc.ts';
import { type RsiState, rsiKernel } from './rsi.ts';
import { type VwapState, vwapKernel } from './vwap.ts';

/** What each family of our own kernels carries from bar to bar. */
type TableStates = {
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

/** Indicators of the table that come out of one pass together. */
export type TableFamily = keyof TableStates;

const LIBRARY_FAMILIES = { ...FURTHER_READINGS, ...FURTHER_LINES };

type LibraryFamilyName = keyof typeof LIBRARY_FAMILIES;

type FurtherFamily = LibraryFamilyName | 'obv';

export type Family = TableFamily | FurtherFamily;

export type FamilyStates = TableStates & { readonly [Name in LibraryFamilyName]: BarsSeen } & { readonly obv: ObvState };

type Kernels<Name extends Family> = { readonly [Each in Name]: (periods: IndicatorPeriods) => Kernel<FamilyStates[Each]> };

const TABLE_KERNELS: Kernels<TableFamily> = {
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

export const KERNELS: Kernels<Family> = { ...TABLE_KERNELS, ...libraryKernels(), obv: () => obvKernel };

export const TABLE_FAMILY_OF: Readonly<Record<TableIndicatorName, TableFamily>> = {
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

const FURTHER_FAMILY_OF: Readonly<Record<FurtherIndicatorName, FurtherFamily>> = {
  stoch_k: 'stoch',
  stoch_d: 'stoch',
  stoch_rsi_k: 'stoch_rsi',
  stoch_rsi_d: 'stoch_rsi',
  cci: 'cci',
  mfi: 'mfi',
  williams_r: 'williams_r',
  aroon_up: 'aroon',
  aroon_down: 'aroon',
  plus_di: 'directions',
  minus_di: 'directions',
  psar: 'psar',
  supertrend: 'supertrend',
  keltner_upper: 'keltner',
  keltner_middle: 'keltner',
  keltner_lower: 'keltner',
  tr: 'tr',
  wma: 'wma',
  hma: 'hma',
  dema: 'dema',
  tema: 'tema',
  vwma: 'vwma',
  obv: 'obv',
  cmf: 'cmf',
};

export const FAMILY_OF: Readonly<Record<IndicatorName, Family>> = { ...TABLE_FAMILY_OF, ...FURTHER_FAMILY_OF };

function libraryKernels(): Kernels<LibraryFamilyName> {
  const kernels = Object.entries<(periods: IndicatorPeriods) => LibraryFamily>(LIBRARY_FAMILIES).map(
    ([name, family]) => [name, (periods: IndicatorPeriods) => libraryKernel(family(periods))] as const,
  );
  return Object.fromEntries(kernels) as Kernels<LibraryFamilyName>;
}
