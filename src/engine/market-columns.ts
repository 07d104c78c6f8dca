import { aggregateCandles, visibleIndex } from './aggregate.ts';
import type { Timeframe } from './bar.ts';
import type { Candles } from './candles.ts';
import { holdsAt } from './holds-at.ts';
import { computeColumns } from './indicators/compute-columns.ts';
import { BAR_COLUMN_NAMES, type ColumnName, INDICATOR_NAMES } from './indicators/indicator-names.ts';
import type { IndicatorPeriods } from './indicators/periods.ts';
import { type Condition, compileRule } from './rules/compile-rule.ts';
import { parseRule } from './rules/parse-rule.ts';
import type { RuleFrame } from './rules/rule-frame.ts';
import { lazySignals, type Signals } from './signals.ts';

/** A rule made ready, with where its timeframe's bars became visible. */
export type TimedCondition = {
  readonly condition: Condition;
  /** Index of the last bar of the rule's timeframe that may be seen at each base close; null on the base timeframe. */
  readonly visible: Int32Array | null;
};

/**
 * One symbol's bars in every timeframe asked for, their indicator columns and the rules over them. Each is made on first
 * use and kept, so that plans that follow each other and variants that differ elsewhere share them.
 */
export type MarketColumns = {
  readonly column: (name: ColumnName, timeframe: Timeframe) => Float64Array;
  readonly visible: (timeframe: Timeframe) => Int32Array | null;
  readonly condition: (rule: string, timeframe: Timeframe) => TimedCondition;
  /** The same answered per base bar. */
  readonly signals: (rule: string, timeframe: Timeframe) => Signals;
  readonly barCount: number;
};

type Frame = { readonly candles: Candles; readonly visible: Int32Array | null; readonly columns: Map<ColumnName, Float64Array> };

export function openColumns(base: Candles, baseTimeframe: Timeframe, periods: IndicatorPeriods): MarketColumns {
  const frames = new Map<Timeframe, Frame>();
  const ruleFrames = new Map<Timeframe, RuleFrame>();
  const conditions = new Map<string, TimedCondition>();
  const signals = new Map<string, Signals>();

  return {
    column,
    visible: (timeframe) => frameOf(timeframe).visible,
    condition,
    signals: (rule, timeframe) =>
      keep(signals, `${timeframe} ${rule}`, () => {
        const { condition: asked, visible } = condition(rule, timeframe);
        return lazySignals((bar) => holdsAt(asked, visible, bar), base.close.length);
      }),
    barCount: base.close.length,
  };

  function condition(rule: string, timeframe: Timeframe): TimedCondition {
    return keep(conditions, `${timeframe} ${rule}`, () => ({
      condition: compileRule(parseRule(rule), ruleFrameOf(timeframe)),
      visible: frameOf(timeframe).visible,
    }));
  }

  function column(name: ColumnName, timeframe: Timeframe): Float64Array {
    const { candles, columns } = frameOf(timeframe);
    const known = columns.get(name);
    if (known !== undefined) return known;
    const indicators = INDICATOR_NAMES.filter((indicator) => indicator === name);
    for (const [computed, values] of computeColumns(indicators, candles, periods)) columns.set(computed, values);
    return columns.get(name) as Float64Array;
  }

  function frameOf(timeframe: Timeframe): Frame {
    return keep(frames, timeframe, () => {
      const isBase = timeframe === baseTimeframe;
      const candles = isBase ? base : aggregateCandles(base, baseTimeframe, timeframe);
      return {
        candles,
        visible: isBase ? null : visibleIndex(base, baseTimeframe, candles, timeframe),
        columns: new Map(BAR_COLUMN_NAMES.map((name) => [name, candles[name]])),
      };
    });
  }

  /** What the rules of one timeframe may read: its own columns by index, higher ones as they were visible then. */
  function ruleFrameOf(timeframe: Timeframe): RuleFrame {
    return keep(ruleFrames, timeframe, () => {
      const higher = new Map<Timeframe, Int32Array>();
      const { candles } = frameOf(timeframe);
      return {
        timeframe,
        column,
        higherIndex: (of) => (of === timeframe ? null : keep(higher, of, () => visibleIndex(candles, timeframe, frameOf(of).candles, of))),
      };
    });
  }
}

function keep<Key, Value>(kept: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = make();
  kept.set(key, made);
  return made;
}
