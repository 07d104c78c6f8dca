import type { Strategy } from './strategy.ts';

/**
 * Short-term trading in both directions: with the trend after a pullback, out of a quiet range, against an overdone
 * move back to the mean, and with a turn of momentum. The same text for every symbol and market; nothing in it
 * is fitted to any data.
 */
export const aggressiveActive: Strategy = {
  id: 'aggressive_active',
  description: 'Active short-term trading, long and short, of four kinds',
  regime: 'mixed',
  stance: 'active',
  rationale:
    'Trade both directions and take what the hour offers: pullbacks inside a trend first, breakouts on volume second, ' +
    'fades of overdone moves and turns of momentum last. Stops lie two and a half to three ATRs away so that costs stay small beside the risk; exits follow the averages.',
  emergencyExit: null,
  triggers: [
    {
      id: 'pullback-long',
      side: 'long',
      category: 'trend_continuation',
      grade: 'A',
      entry: 'sma_medium > sma_long and sma_long > sma_long[5] and adx > 25 and rsi crosses_above 50',
      exit: 'close crosses_below sma_long',
      stop: { kind: 'atr', multiple: 3 },
      target: { kind: 'r', multiple: 3 },
    },
    {
      id: 'pullback-short',
      side: 'short',
      category: 'trend_continuation',
      grade: 'A',
      entry: 'sma_medium < sma_long and sma_long < sma_long[5] and adx > 25 and rsi crosses_below 50',
      exit: 'close crosses_above sma_long',
      stop: { kind: 'atr', multiple: 3 },
      target: { kind: 'r', multiple: 3 },
    },
    {
      id: 'breakout-long',
      side: 'long',
      category: 'volatility_breakout',
      grade: 'B',
      entry: 'close > donchian_high and volume > 2 * volume_sma and sma_short > sma_long',
      exit: 'close crosses_below sma_medium',
      stop: { kind: 'atr', multiple: 2.5 },
      target: { kind: 'r', multiple: 3 },
    },
    {
      id: 'breakout-short',
      side: 'short',
      category: 'volatility_breakout',
      grade: 'B',
      entry: 'close < donchian_low and volume > 2 * volume_sma and sma_short < sma_long',
      exit: 'close crosses_above sma_medium',
      stop: { kind: 'atr', multiple: 2.5 },
      target: { kind: 'r', multiple: 3 },
    },
    {
      id: 'turn-long',
      side: 'long',
      category: 'reversal',
      grade: 'B',
      entry: 'rsi crosses_above 20 and macd_hist > macd_hist[1] and close < vwap',
      exit: 'rsi > 75',
      stop: { kind: 'atr', multiple: 2.5 },
      target: { kind: 'r', multiple: 2 },
    },
    {
      id: 'turn-short',
      side: 'short',
      category: 'reversal',
      grade: 'B',
      entry: 'rsi crosses_below 80 and macd_hist < macd_hist[1] and close > vwap',
      exit: 'rsi < 25',
      stop: { kind: 'atr', multiple: 2.5 },
      target: { kind: 'r', multiple: 2 },
    },
    {
      id: 'fade-long',
      side: 'long',
      category: 'mean_reversion',
      grade: 'C',
      entry: 'close crosses_above bb_lower and adx < 25 and close < sma_long',
      exit: 'close > bb_upper',
      stop: { kind: 'atr', multiple: 2.5 },
      target: { kind: 'r', multiple: 1.5 },
    },
    {
      id: 'fade-short',
      side: 'short',
      category: 'mean_reversion',
      grade: 'C',
      entry: 'close crosses_below bb_upper and adx < 25 and close > sma_long',
      exit: 'close < bb_lower',
      stop: { kind: 'atr', multiple: 2.5 },
      target: { kind: 'r', multiple: 1.5 },
    },
  ],
};
