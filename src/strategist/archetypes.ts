import type { Timeframe } from '../engine/bar.ts';
import type { Trigger } from '../engine/plan.ts';
import type { Side } from '../engine/result.ts';
import { adxLevel } from './regime.ts';

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
  readonly targetR: number;
  readonly adxBars: number;
};

/** What decides how far a trade may run on one timeframe. */
type Reach = { readonly smaMediumBars: number; readonly bandAtr: number | null };

type Archetype = {
  readonly category: Trigger['category'];
  /** The room a stop of this kind needs; ATRs. It is never widened for the costs: that makes them look small and the trade no better. */
  readonly stopAtr: number;
  /** How far the good ones of such trades run before their exit rule ends them; ATRs, null is not known yet. */
  readonly targetAtr: (reach: Reach) => number | null;
  /** `at` names the context: "" on the base timeframe itself, else e.g. "@1h". */
  readonly rules: (side: Side, at: string, adxBars: number) => { readonly entry: string; readonly exit: string };
};

/** The bands close in while the price crosses from one to the other: about four fifths of their width is what is left. */
const BAND_SHARE = 0.8;

/** A walk gets as far as the root of the bars it is given, and the exit averages decide on those; about one trade in five gets this far. */
const runOfTrend = ({ smaMediumBars }: Reach): number => Math.sqrt(smaMediumBars);

/** Ways into a trade, the same for every market; short is the mirror of long. */
export const ARCHETYPES: Readonly<Record<ArchetypeName, Archetype>> = {
  /** With the trend, when a dip against it ends. */
  pullback: {
    category: 'trend_continuation',
    stopAtr: 2.5,
    targetAtr: runOfTrend,
    rules: (side, at, adxBars) => {
      const strong = `adx${at} > ${adxLevel(20, adxBars)}`;
      return side === 'long'
        ? {
            entry: `sma_short${at} > sma_long${at} and ${strong} and rsi[1] < 50 and close crosses_above ema_fast`,
            exit: 'close crosses_below sma_long',
          }
        : {
            entry: `sma_short${at} < sma_long${at} and ${strong} and rsi[1] > 50 and close crosses_below ema_fast`,
            exit: 'close crosses_above sma_long',
          };
    },
  },
  /** Out of the channel, on volume, while the strength of the move grows. */
  breakout: {
    category: 'volatility_breakout',
    stopAtr: 2.5,
    targetAtr: runOfTrend,
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
  /** From one edge of a quiet market to the other, when a move has gone too far and turns. The middle alone would not pay for the stop. */
  fade: {
    category: 'mean_reversion',
    stopAtr: 1.5,
    targetAtr: ({ bandAtr }) => (bandAtr === null ? null : bandAtr * BAND_SHARE),
    rules: (side, at, adxBars) => {
      // The overdone move itself lifts the ADX: a level below a trend's would rule out the very moves that are faded.
      const trendless = `adx${at} < ${adxLevel(30, adxBars)}`;
      return side === 'long'
        ? { entry: `close crosses_above bb_lower and rsi < 45 and ${trendless}`, exit: 'close > bb_upper' }
        : { entry: `close crosses_below bb_upper and rsi > 55 and ${trendless}`, exit: 'close < bb_lower' };
    },
  },
};

/** The trigger of a choice. */
export function buildTrigger(choice: ArchetypeChoice): Trigger {
  const { name, symbol, side, grade, timeframe, context, stopAtr, targetR, adxBars } = choice;
  const { category, rules } = ARCHETYPES[name];
  return {
    id: triggerId(choice),
    symbol,
    timeframe,
    side,
    category,
    grade,
    ...rules(side, context === timeframe ? '' : `@${context}`, adxBars),
    stop: { kind: 'atr', multiple: stopAtr },
    target: { kind: 'r', multiple: targetR },
  };
}

/** Says symbol, archetype and side and nothing else, so that it stays the same from plan to plan. */
export function triggerId({ symbol, name, side }: Pick<ArchetypeChoice, 'symbol' | 'name' | 'side'>): string {
  return `${symbol.toLowerCase()}-${name}-${side}`;
}
