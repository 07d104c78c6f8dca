import { aggregateCandles, visibleIndex } from './aggregate.ts';
import type { Timeframe } from './bar.ts';
import type { Candles } from './candles.ts';
import { computeColumns } from './indicators/compute-columns.ts';
import { BAR_COLUMN_NAMES, type ColumnName, INDICATOR_NAMES } from './indicators/indicator-names.ts';
import type { IndicatorPeriods } from './indicators/periods.ts';
import type { RuleFrame } from './rules/rule-frame.ts';

/** The columns of one symbol that a plan asks for, by timeframe: bar columns and indicators alike. */
export type WantedColumns = ReadonlyMap<Timeframe, ReadonlySet<ColumnName>>;

/** One symbol's bars in one timeframe, with the columns a plan reads. */
export type Frame = {
  readonly timeframe: Timeframe;
  readonly candles: Candles;
  readonly columns: ReadonlyMap<ColumnName, Float64Array>;
  /** Index of the last of these bars that may be seen at each base close; null for the base timeframe itself. */
  readonly visible: Int32Array | null;
};

export function buildFrames(base: Candles, baseTimeframe: Timeframe, wanted: WantedColumns, periods: IndicatorPeriods): readonly Frame[] {
  return [...wanted].map(([timeframe, names]) => {
    const candles = timeframe === baseTimeframe ? base : aggregateCandles(base, baseTimeframe, timeframe);
    return {
      timeframe,
      candles,
      columns: buildColumns(candles, names, periods),
      visible: timeframe === baseTimeframe ? null : visibleIndex(base, baseTimeframe, candles, timeframe),
    };
  });
}

/** What the rules of one timeframe may read: its own columns by index, higher ones as they were visible then. */
export function ruleFrame(frames: readonly Frame[], timeframe: Timeframe): RuleFrame {
  const own = findFrame(frames, timeframe);
  const higher = new Map<Timeframe, Int32Array>();
  return {
    timeframe,
    column: (name, of) => {
      const column = findFrame(frames, of).columns.get(name);
      if (column === undefined) throw new Error(`No column ${name}@${of} was prepared`);
      return column;
    },
    higherIndex: (of) => {
      if (of === timeframe) return null;
      const known = higher.get(of) ?? visibleIndex(own.candles, timeframe, findFrame(frames, of).candles, of);
      higher.set(of, known);
      return known;
    },
  };
}

export function findFrame(frames: readonly Frame[], timeframe: Timeframe): Frame {
  const frame = frames.find((candidate) => candidate.timeframe === timeframe);
  if (frame === undefined) throw new Error(`No frame ${timeframe} was prepared`);
  return frame;
}

function buildColumns(candles: Candles, names: ReadonlySet<ColumnName>, periods: IndicatorPeriods): ReadonlyMap<ColumnName, Float64Array> {
  const indicators = INDICATOR_NAMES.filter((name) => names.has(name));
  const columns = new Map<ColumnName, Float64Array>(computeColumns(indicators, candles, periods));
  for (const name of BAR_COLUMN_NAMES) columns.set(name, candles[name]);
  return columns;
}
