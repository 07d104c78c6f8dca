/** Every indicator a rule may name, in the order in which people read them. A name never carries a period. */
export const INDICATOR_NAMES = [
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
};
