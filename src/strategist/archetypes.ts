import type { Timeframe } from '../engine/bar.ts';
import type { Trigger } from '../engine/plan.ts';
import type { Side } from '../engine/result.ts';

export type ArchetypeName = 'pullback' | 'breakout' | 'fade';

/** What an archetype is fitted to. */
export type ArchetypeChoice = {
  readonly name: ArchetypeName;
  readonly symbol: string;
  readonly side: Side;
  readonly grade: Trigger['grade'];
  /** Where the entry is timed, and the higher timeframe that decides which way; the same where there is only one. */
  readonly timeframe: Timeframe;
  readonly context: Timeframe;
  readonly stopAtr: number;
};

type Archetype = {
  readonly category: Trigger['category'];
  /** The least room a stop of this kind needs; ATRs. */
  readonly stopAtr: number;
  readonly targetR: number;
  /** `at` names the context: "" on the base timeframe itself, else e.g. "@1h". */
  readonly rules: (side: Side, at: string) => { readonly entry: string; readonly exit: string };
};

/** Ways into a trade, the same for every market; short is the mirror of long. */
export const ARCHETYPES: Readonly<Record<ArchetypeName, Archetype>> = {
  /** With the trend, when a dip against it ends. */
  pullback: {
    category: 'trend_continuation',
    stopAtr: 2.5,
    targetR: 3,
    rules: (side, at) =>
      side === 'long'
        ? {
            entry: `sma_short${at} > sma_long${at} and adx${at} > 20 and rsi[1] < 50 and close crosses_above ema_fast`,
            exit: 'close crosses_below sma_long',
          }
        : {
            entry: `sma_short${at} < sma_long${at} and adx${at} > 20 and rsi[1] > 50 and close crosses_below ema_fast`,
            exit: 'close crosses_above sma_long',
          },
  },
  /** Out of the channel, on volume, while the strength of the move grows. */
  breakout: {
    category: 'volatility_breakout',
    stopAtr: 2.5,
    targetR: 3,
    rules: (side, at) =>
      side === 'long'
        ? {
            entry: `close > donchian_high and volume > 1.5 * volume_sma and adx > adx[1] and close${at} > sma_medium${at}`,
            exit: 'close crosses_below sma_medium',
          }
        : {
            entry: `close < donchian_low and volume > 1.5 * volume_sma and adx > adx[1] and close${at} < sma_medium${at}`,
            exit: 'close crosses_above sma_medium',
          },
  },
  /** Back to the middle, when a quiet market has gone too far. */
  fade: {
    category: 'mean_reversion',
    stopAtr: 2,
    targetR: 1.5,
    rules: (side, at) =>
      side === 'long'
        ? { entry: `close crosses_above bb_lower and rsi < 45 and adx${at} < 25`, exit: 'close > bb_upper' }
        : { entry: `close crosses_below bb_upper and rsi > 55 and adx${at} < 25`, exit: 'close < bb_lower' },
  },
};

/** The trigger of a choice. Its id says symbol, archetype and side and nothing else, so that it stays the same from plan to plan. */
export function buildTrigger({ name, symbol, side, grade, timeframe, context, stopAtr }: ArchetypeChoice): Trigger {
  const { category, targetR, rules } = ARCHETYPES[name];
  return {
    id: `${symbol.toLowerCase()}-${name}-${side}`,
    symbol,
    timeframe,
    side,
    category,
    grade,
    ...rules(side, context === timeframe ? '' : `@${context}`),
    stop: { kind: 'atr', multiple: stopAtr },
    target: { kind: 'r', multiple: targetR },
  };
}
