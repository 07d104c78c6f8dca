import type { Candles } from '../candles.ts';
import type { IndicatorName } from './indicator-names.ts';

/** The bars from index `from` up to and without index `to`. */
export type Span = { readonly candles: Candles; readonly from: number; readonly to: number };

/** Columns to write into, index for index beside the candles; a value is NaN while it is unknown. */
export type Columns = ReadonlyMap<IndicatorName, Float64Array>;

/**
 * One pass over bars. `extend` writes the span's values and returns the state in front of the next bar; a whole column
 * is one long span, a session's next bar a span of one, so the two agree to the bit. The state counts the bars it has
 * seen, because an index says nothing once earlier bars were cut off; of those only the last `lookbackBars` are read.
 */
export type Kernel<State> = {
  /** The columns it writes, each with the number of bars up to and with the first known value. */
  readonly warmUpBars: Readonly<Partial<Record<IndicatorName, number>>>;
  readonly lookbackBars: number;
  readonly start: State;
  readonly extend: (state: State, span: Span, columns: Columns) => State;
  /** The state after bars whose values nobody asks for, where that is known without working them out. */
  readonly passOver?: (state: State, barCount: number) => State;
};

export function columnFor(columns: Columns, name: IndicatorName): Float64Array {
  const column = columns.get(name);
  if (column === undefined) throw new Error(`The kernel writes column ${name}, which is not there.`);
  return column;
}
