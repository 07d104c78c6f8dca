import { aggregateCandles, visibleIndex } from './aggregate.ts';
import type { Timeframe } from './bar.ts';
import type { Candles } from './candles.ts';
import { computeColumns, isIndicator } from './indicators/compute-columns.ts';
import { BAR_COLUMN_NAMES, type ColumnName, type IndicatorName } from './indicators/indicator-names.ts';
import type { IndicatorSource } from './indicators/indicator-source.ts';
import type { IndicatorPeriods } from './indicators/periods.ts';
import { computeReferenceColumns } from './indicators/reference.ts';
import { fillFromRule } from './rule-signals.ts';
import { type Answering, type Condition, compileRule, conditionOf } from './rules/compile-rule.ts';
import { parseRule } from './rules/parse-rule.ts';
import type { RuleFrame } from './rules/rule-frame.ts';
import { type FillSignals, lazySignals, type Signals } from './signals.ts';

/** A rule made ready, with where its timeframe's bars became visible. */
export type TimedCondition = {
  readonly condition: Condition;
  readonly answering: Answering;
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
  /** Answers per base bar, kept or found anew as suits the bars. */
  readonly answers: (fill: FillSignals) => Signals;
};

/** The bars of each timeframe and how their indicator columns come about. */
export type ColumnSource = {
  readonly baseTimeframe: Timeframe;
  readonly candlesOf: (timeframe: Timeframe) => Candles;
  /** The column of the name, and any others that came out of the same pass. */
  readonly compute: (name: IndicatorName, timeframe: Timeframe) => ReadonlyMap<IndicatorName, Float64Array>;
  readonly answers: (fill: FillSignals) => Signals;
};

type Frame = { readonly candles: Candles; readonly visible: Int32Array | null; readonly columns: Map<ColumnName, Float64Array> };

const COMPUTE: Readonly<Record<IndicatorSource, typeof computeColumns>> = { kernels: computeColumns, reference: computeReferenceColumns };

/** Columns over all bars of a run; its rules are answered block by block and the answers kept. */
export function openColumns(
  base: Candles,
  baseTimeframe: Timeframe,
  periods: IndicatorPeriods,
  source: IndicatorSource = 'kernels',
): MarketColumns {
  const aggregated = new Map<Timeframe, Candles>([[baseTimeframe, base]]);
  const candlesOf = (timeframe: Timeframe) => keep(aggregated, timeframe, () => aggregateCandles(base, baseTimeframe, timeframe));
  return columnsOver({
    baseTimeframe,
    candlesOf,
    compute: (name, timeframe) => COMPUTE[source]([name], candlesOf(timeframe), periods),
    answers: (fill) => lazySignals(fill, base.close.length),
  });
}

export function columnsOver({ baseTimeframe, candlesOf, compute, answers }: ColumnSource): MarketColumns {
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
        const { answering, visible } = condition(rule, timeframe);
        return answers(fillFromRule(answering, visible));
      }),
    answers,
  };

  function condition(rule: string, timeframe: Timeframe): TimedCondition {
    return keep(conditions, `${timeframe} ${rule}`, () => {
      const answering = compileRule(parseRule(rule), ruleFrameOf(timeframe));
      return { condition: conditionOf(answering), answering, visible: frameOf(timeframe).visible };
    });
  }

  function column(name: ColumnName, timeframe: Timeframe): Float64Array {
    const { columns } = frameOf(timeframe);
    const known = columns.get(name);
    if (known !== undefined || !isIndicator(name)) return known as Float64Array;
    for (const [computed, values] of compute(name, timeframe)) columns.set(computed, values);
    return columns.get(name) as Float64Array;
  }

  function frameOf(timeframe: Timeframe): Frame {
    return keep(frames, timeframe, () => {
      const candles = candlesOf(timeframe);
      return {
        candles,
        visible: timeframe === baseTimeframe ? null : visibleIndex(candlesOf(baseTimeframe), baseTimeframe, candles, timeframe),
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
