import type { Timeframe } from '../bar.ts';
import type { ArithmeticOperator, ColumnValue, Value } from './rule.ts';
import type { RuleFrame } from './rule-frame.ts';

/**
 * A compiled value, in one shape for all kinds so that the machine code reading it is one piece and short: the number
 * lies in `column` at ((visible at index, or the index itself) − barsBack) & mask. A mask of 0 makes a column of one
 * cell readable at every index: a constant, or what `compute` has just left there. (A number returned through a closure
 * would be allocated anew for every bar.)
 */
export type Operand = {
  readonly column: Float64Array;
  readonly visible: Int32Array | null;
  readonly barsBack: number;
  readonly mask: -1 | 0;
  readonly compute: ((index: number) => void) | null;
};

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

/** The operand's number at the index; NaN where it is unknown. */
export function readOperand(operand: Operand, index: number): number {
  if (operand.compute !== null) operand.compute(index);
  const at = ((operand.visible === null ? index : (operand.visible[index] as number)) - operand.barsBack) & operand.mask;
  return at < 0 ? Number.NaN : (operand.column[at] as number);
}

/** Whether the number is simply column[index & mask]. */
export function isPlain({ visible, barsBack, compute }: Operand): boolean {
  return visible === null && barsBack === 0 && compute === null;
}

function compileColumn({ name, timeframe, barsBack }: ColumnValue, frame: RuleFrame): Operand {
  const of = timeframe ?? frame.timeframe;
  return {
    column: frame.column(name, of),
    visible: of === frame.timeframe ? null : higherIndex(frame, of),
    barsBack,
    mask: -1,
    compute: null,
  };
}

function higherIndex(frame: RuleFrame, timeframe: Timeframe): Int32Array {
  const visible = frame.higherIndex(timeframe);
  if (visible === null) throw new Error(`No index from ${frame.timeframe} bars to ${timeframe} bars was prepared.`);
  return visible;
}

function constant(value: number): Operand {
  return { column: Float64Array.of(value), visible: null, barsBack: 0, mask: 0, compute: null };
}

function compileArithmetic(operator: ArithmeticOperator, left: Operand, right: Operand): Operand {
  const column = new Float64Array(1);
  return { column, visible: null, barsBack: 0, mask: 0, compute: computeInto(column, operator, left, right) };
}

function computeInto(cell: Float64Array, operator: ArithmeticOperator, left: Operand, right: Operand): (index: number) => void {
  switch (operator) {
    case '+':
      return (index) => {
        cell[0] = readOperand(left, index) + readOperand(right, index);
      };
    case '-':
      return (index) => {
        cell[0] = readOperand(left, index) - readOperand(right, index);
      };
    case '*':
      return (index) => {
        cell[0] = readOperand(left, index) * readOperand(right, index);
      };
    case '/':
      return (index) => {
        const divisor = readOperand(right, index);
        cell[0] = divisor === 0 ? Number.NaN : readOperand(left, index) / divisor;
      };
  }
}
