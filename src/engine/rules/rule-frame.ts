import type { Timeframe } from '../bar.ts';
import type { ColumnName } from '../indicators/indicator-names.ts';

/** The columns a rule runs over. An index counts the bars of the trigger's own timeframe. */
export type RuleFrame = {
  readonly timeframe: Timeframe;
  readonly column: (name: ColumnName, timeframe: Timeframe) => Float64Array;
  /** For each own bar the index of the last bar of the higher timeframe that had closed by its close, −1 before the first. */
  readonly higherIndex: (timeframe: Timeframe) => Int32Array | null;
};
