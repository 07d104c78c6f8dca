/** What column kernels of our own compute, in the order in which people read them. A name never carries a period. */
export const TABLE_INDICATOR_NAMES = [
  'sma_short',
  'sma_medium',
  'sma_long',
  'ema_fast',
  'ema_slow',
  'rsi',
  'atr',
  'macd',
  'macd_signal',
  'macd_hist',
  'bb_upper',
  'bb_middle',
  'bb_lower',
  'donchian_high',
  'donchian_low',
  'adx',
  'roc',
  'volume_sma',
  'vwap',
] as const;

/** What trading-signals computes. */
export const FURTHER_INDICATOR_NAMES = [
  'stoch_k',
  'stoch_d',
  'stoch_rsi_k',
  'stoch_rsi_d',
  'cci',
  'mfi',
  'williams_r',
  'aroon_up',
  'aroon_down',
  'plus_di',
  'minus_di',
  'psar',
  'supertrend',
  'keltner_upper',
  'keltner_middle',
  'keltner_lower',
  'tr',
  'wma',
  'hma',
  'dema',
  'tema',
  'vwma',
  'obv',
  'cmf',
] as const;

/** Every indicator a rule may name. */
export const INDICATOR_NAMES = [...TABLE_INDICATOR_NAMES, ...FURTHER_INDICATOR_NAMES] as const;

export type TableIndicatorName = (typeof TABLE_INDICATOR_NAMES)[number];

export type FurtherIndicatorName = (typeof FURTHER_INDICATOR_NAMES)[number];

export type IndicatorName = (typeof INDICATOR_NAMES)[number];

/** What a bar itself offers to a rule. */
export const BAR_COLUMN_NAMES = ['open', 'high', 'low', 'close', 'volume'] as const;

export type BarColumnName = (typeof BAR_COLUMN_NAMES)[number];

/** Every name a rule may read. */
export const COLUMN_NAMES = [...BAR_COLUMN_NAMES, ...INDICATOR_NAMES] as const;

export type ColumnName = BarColumnName | IndicatorName;

/** One line each, for help texts and for the strategist's prompt. */
export const INDICATOR_MEANINGS: Readonly<Record<IndicatorName, string>> = {
  sma_short: 'short simple moving average of the close; price',
  sma_medium: 'medium simple moving average of the close; price',
  sma_long: 'long simple moving average of the close; price',
  ema_fast: 'fast exponential moving average of the close; price',
  ema_slow: 'slow exponential moving average of the close; price',
  rsi: 'relative strength index, Wilder smoothing; 0–100',
  atr: 'average true range, Wilder smoothing; price',
  macd: 'fast minus slow exponential average of the close; price',
  macd_signal: 'exponential average of macd; price',
  macd_hist: 'macd minus macd_signal; price',
  bb_upper: 'upper Bollinger band, two population deviations above bb_middle; price',
  bb_middle: 'simple moving average of the close between the Bollinger bands; price',
  bb_lower: 'lower Bollinger band, two population deviations below bb_middle; price',
  donchian_high: 'highest high of the previous bars, this one excluded; price',
  donchian_low: 'lowest low of the previous bars, this one excluded; price',
  adx: 'average directional index, strength of a trend in either direction; 0–100',
  roc: 'change of the close over the last bars; percent',
  volume_sma: 'simple moving average of the volume; base currency',
  vwap: 'volume-weighted average price since 00:00 UTC; price',
  stoch_k: 'stochastic: where the close lies between the lowest low and the highest high, smoothed over 3 bars; 0–100',
  stoch_d: 'mean of the last 3 stoch_k; 0–100',
  stoch_rsi_k: 'where the rsi lies between its lowest and its highest, smoothed over 3 bars; 0–100',
  stoch_rsi_d: 'mean of the last 3 stoch_rsi_k; 0–100',
  cci: 'commodity channel index: distance of the typical price from its mean, in mean deviations; around −200 to 200',
  mfi: 'money flow index: share of the volume that traded on rising typical prices; 0–100',
  williams_r: 'where the close lies below the highest high; −100 to 0',
  aroon_up: 'how recent the highest high is; 0–100, 100 on the bar that makes it',
  aroon_down: 'how recent the lowest low is; 0–100, 100 on the bar that makes it',
  plus_di: 'directional indicator of rises, Wilder smoothing; 0–100',
  minus_di: 'directional indicator of falls, Wilder smoothing; 0–100',
  psar: 'parabolic stop and reverse, below the price in a rise and above it in a fall; price',
  supertrend: 'band 3 average true ranges off the middle of the bars, below the price in a rise and above it in a fall; price',
  keltner_upper: 'keltner_middle plus 2 average true ranges; price',
  keltner_middle: 'exponential moving average of the close between the Keltner channels; price',
  keltner_lower: 'keltner_middle minus 2 average true ranges; price',
  tr: 'true range of the bar, gaps from the close before it included; price',
  wma: 'linearly weighted moving average of the close; price',
  hma: 'Hull moving average of the close; price',
  dema: 'double exponential moving average of the close; price',
  tema: 'triple exponential moving average of the close; price',
  vwma: 'volume-weighted moving average of the close; price',
  obv: 'on-balance volume since the first bar loaded; base currency',
  cmf: 'Chaikin money flow: volume weighed by where the close lies in its bar; −1 to 1',
};
