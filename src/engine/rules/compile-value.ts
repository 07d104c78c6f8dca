import type { Timeframe } from '../bar.ts';
import type { ArithmeticOperator, ColumnValue, Value } from './rule.ts';
import type { RuleFrame } from './rule-frame.ts';

/**
 * A compiled value, in one shape for all kinds so that the machine code reading it is one piece and short. Once prepared for a span of
 * bars, the number at its nth bar lies in `column` at (start + n) & mask, NaN where it is unknown: in the frame's own column where the
 * value is one, in one cell (mask 0) where it is a constant, else where it has just been written.
 */
export type Operand = {
  column: Float64Array;
  start: number;
  readonly mask: -1 | 0;
  /** Writes the numbers of so many bars; null where they are there already. */
  readonly write: ((numbers: Float64Array, from: number, count: number) => void) | null;
};

/** Makes the numbers at the bars from index `from` up to and without `to` ready to be read. */
export function prepareOperand(operand: Operand, from: number, to: number): void {
  if (operand.write === null) {
    operand.start = from;
    return;
  }
  if (operand.column.length < to - from) operand.column = new Float64Array(to - from);
  operand.write(operand.column, from, to - from);
}

export function compileValue(value: Value, frame: RuleFrame): Operand {
  switch (value.kind) {
    case 'number':
      return constant(value.value);
    case 'column':
      return compileColumn(value, frame);
    case 'negate':
      return compileArithmetic('-', constant(0), compileValue(value.value, frame));
    case 'arithmetic':
      return compileArithmetic(value.operator, compileValue(value.left, frame), compileValue(value.right, frame));
  }
}

function constant(value: number): Operand {
  const column = new Float64Array(1);
  column[0] = value;
  return { column, start: 0, mask: 0, write: null };
}

function compileColumn({ name, timeframe, barsBack }: ColumnValue, frame: RuleFrame): Operand {
  const of = timeframe ?? frame.timeframe;
  const column = frame.column(name, of);
  const visible = of === frame.timeframe ? null : higherIndex(frame, of);
  return visible === null && barsBack === 0 ? { column, start: 0, mask: -1, write: null } : earlierNumbers(column, visible, barsBack);
}

/** What was visible of a column, or lay so many bars back. */
function earlierNumbers(column: Float64Array, visible: Int32Array | null, barsBack: number): Operand {
  return written((numbers, from, count) => {
    for (let at = 0; at < count; at++) {
      const bar = (visible === null ? from + at : (visible[from + at] as number)) - barsBack;
      numbers[at] = bar < 0 ? Number.NaN : (column[bar] as number);
    }
  });
}

function higherIndex(frame: RuleFrame, timeframe: Timeframe): Int32Array {
  const visible = frame.higherIndex(timeframe);
  if (visible === null) throw new Error(`No index from ${frame.timeframe} bars to ${timeframe} bars was prepared.`);
  return visible;
}

function compileArithmetic(operator: ArithmeticOperator, left: Operand, right: Operand): Operand {
  const calculate = CALCULATIONS[operator];
  return written((numbers, from, count) => {
    prepareOperand(left, from, from + count);
    prepareOperand(right, from, from + count);
    calculate(numbers, count, left, right);
  });
}

type Calculation = (numbers: Float64Array, count: number, left: Operand, right: Operand) => void;

// Each with a loop of its own: one that calls a function for each bar takes several times as long.
const CALCULATIONS: Readonly<Record<ArithmeticOperator, Calculation>> = {
  '+': (numbers, count, { column: a, start: aStart, mask: aMask }, { column: b, start: bStart, mask: bMask }) => {
    for (let at = 0; at < count; at++) numbers[at] = (a[(aStart + at) & aMask] as number) + (b[(bStart + at) & bMask] as number);
  },
  '-': (numbers, count, { column: a, start: aStart, mask: aMask }, { column: b, start: bStart, mask: bMask }) => {
    for (let at = 0; at < count; at++) numbers[at] = (a[(aStart + at) & aMask] as number) - (b[(bStart + at) & bMask] as number);
  },
  '*': (numbers, count, { column: a, start: aStart, mask: aMask }, { column: b, start: bStart, mask: bMask }) => {
    for (let at = 0; at < count; at++) numbers[at] = (a[(aStart + at) & aMask] as number) * (b[(bStart + at) & bMask] as number);
  },
  '/': (numbers, count, { column: a, start: aStart, mask: aMask }, { column: b, start: bStart, mask: bMask }) => {
    for (let at = 0; at < count; at++) {
      const divisor = b[(bStart + at) & bMask] as number;
      numbers[at] = divisor === 0 ? Number.NaN : (a[(aStart + at) & aMask] as number) / divisor;
    }
  },
};

const NONE = new Float64Array(0);

/** An operand whose numbers are written anew for each span, into memory that grows with the longest one. */
function written(write: NonNullable<Operand['write']>): Operand {
  return { column: NONE, start: 0, mask: -1, write };
}
