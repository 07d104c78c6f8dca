import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Timeframe } from '../../../src/engine/bar.ts';
import type { ColumnName } from '../../../src/engine/indicators/indicator-names.ts';
import { compileRule, conditionOf } from '../../../src/engine/rules/compile-rule.ts';
import { parseRule } from '../../../src/engine/rules/parse-rule.ts';
import type { ColumnValue } from '../../../src/engine/rules/rule.ts';
import type { RuleFrame } from '../../../src/engine/rules/rule-frame.ts';
import type { Tri } from '../../../src/engine/rules/tri.ts';
import { rulesOver } from './generated-rules.ts';
import { interpretRule } from './slow-interpreter.ts';

const UNKNOWN = Number.NaN;

type Prepared = Readonly<Record<string, readonly number[]>>;

/** A 5m frame over columns named name@timeframe; `higher` holds the index from 5m bars to those of a higher timeframe. */
function frameOf(columns: Prepared, higher: Partial<Record<Timeframe, readonly number[]>> = {}): RuleFrame {
  const prepared = new Map(Object.entries(columns).map(([key, values]) => [key, Float64Array.from(values)]));
  const indexes = new Map(Object.entries(higher).map(([timeframe, values]) => [timeframe, Int32Array.from(values)]));
  return {
    timeframe: '5m',
    column: (name: ColumnName, timeframe: Timeframe) => {
      const column = prepared.get(`${name}@${timeframe}`);
      if (column === undefined) throw new Error(`column ${name}@${timeframe} is not prepared`);
      return column;
    },
    higherIndex: (timeframe) => indexes.get(timeframe) ?? null,
  };
}

const SHOWN: Record<Tri, string> = { 0: 'no', 1: 'yes', 2: '?' };

/** What the rule says at each of so many bars. */
const ask = (text: string, frame: RuleFrame, bars: number): string => {
  const answers = new Uint8Array(bars);
  compileRule(parseRule(text), frame)(answers, 0, bars);
  return Array.from(answers, (answer) => SHOWN[answer as Tri]).join(' ');
};

describe('logic', () => {
  // Bar by bar: false, true, unknown; on the left each three times, on the right in turn.
  const frame = frameOf({
    'open@5m': [0, 0, 0, 1, 1, 1, UNKNOWN, UNKNOWN, UNKNOWN],
    'close@5m': [0, 1, UNKNOWN, 0, 1, UNKNOWN, 0, 1, UNKNOWN],
  });

  it.each([
    ['open > 0 and close > 0', 'no no no no yes ? no ? ?'],
    ['open > 0 or close > 0', 'no yes ? yes yes yes ? yes ?'],
    ['not close > 0', 'yes no ? yes no ? yes no ?'],
    ['not (open > 0 and close > 0)', 'yes yes yes yes no ? yes ? ?'],
  ])('of "%s" is Kleene’s', (text, expected) => {
    expect(ask(text, frame, 9)).toBe(expected);
  });
});

describe('a comparison', () => {
  const frame = frameOf({ 'open@5m': [1, 2, 3, UNKNOWN, 1], 'close@5m': [2, 2, 2, 2, UNKNOWN] });

  it.each([
    ['open < close', 'yes no no ? ?'],
    ['open <= close', 'yes yes no ? ?'],
    ['open > close', 'no no yes ? ?'],
    ['open >= close', 'no yes yes ? ?'],
    ['open == close', 'no yes no ? ?'],
    ['open != close', 'yes no yes ? ?'],
    ['open < 2', 'yes no no ? yes'],
    ['2 < open', 'no no yes ? no'],
    ['open >= 2', 'no yes yes ? no'],
    ['2 >= open', 'yes yes no ? yes'],
    ['1 < 2', 'yes yes yes yes yes'],
    ['open + 0 < close * 1', 'yes no no ? ?'],
    ['open - 2 <= -close + 2', 'yes yes no ? ?'],
  ])('"%s" is unknown where a side is', (text, expected) => {
    expect(ask(text, frame, 5)).toBe(expected);
  });

  it('with a division by zero is unknown', () => {
    const zero = frameOf({ 'open@5m': [1, 0, -1], 'close@5m': [0, 0, 2] });

    expect(ask('open / close < 1', zero, 3)).toBe('? ? yes');
    expect(ask('open / (close - close) < 1 or open >= 0', zero, 3)).toBe('yes yes ?');
    expect(ask('1 / 0 > 1', zero, 1)).toBe('?');
    expect(ask('1 / -0 < 1', zero, 1)).toBe('?');
  });

  it('reads n bars back, and is unknown before there are so many', () => {
    const rising = frameOf({ 'close@5m': [1, 2, 3, 4] });

    expect(ask('close[2] == close - 2', rising, 4)).toBe('? ? yes yes');
    expect(ask('close[4] > 0', rising, 4)).toBe('? ? ? ?');
  });
});

describe('a cross', () => {
  const frame = frameOf({
    'close@5m': [1, 3, 3, 1, 2, 3, UNKNOWN, 3, 1],
    'open@5m': [2, 2, 2, 2, 2, 2, 2, 2, 2],
  });

  it.each([
    ['close crosses_above open', '? yes no no no yes no ? no'],
    ['close crosses_below open', '? no no yes no no ? no yes'],
    ['close crosses_above 2', '? yes no no no yes no ? no'],
    ['2 crosses_below close', '? yes no no no yes no ? no'],
    ['close + 0 crosses_above open', '? yes no no no yes no ? no'],
    ['close[1] crosses_above open', '? no yes no no no yes no ?'],
    ['close crosses_above close[1]', '? ? no no yes no no ? no'],
  ])('"%s" is at or beyond on the bar before and beyond now', (text, expected) => {
    expect(ask(text, frame, 9)).toBe(expected);
  });

  it('is unknown on the first bar even where the bar itself says no', () => {
    expect(ask('not close crosses_above open', frame, 2)).toBe('? no');
  });
});

describe('a higher timeframe', () => {
  const frame = frameOf(
    { 'close@5m': [1, 2, 3, 4, 5, 6, 7], 'close@15m': [30, 60, 90], 'sma_short@15m': [UNKNOWN, 45, 75] },
    { '15m': [-1, -1, 0, 0, 0, 1, 2] },
  );

  it.each([
    ['close@15m == 30', '? ? yes yes yes no no'],
    ['close@15m[1] == 30', '? ? ? ? ? yes no'],
    ['close@15m[2] == 30', '? ? ? ? ? ? yes'],
    ['close@15m > sma_short@15m', '? ? ? ? ? yes yes'],
    ['close@15m / 10 > close', '? ? no no no no yes'],
    ['close@5m < 3', 'yes yes no no no no no'],
  ])('is read as visible at the bar: "%s"', (text, expected) => {
    expect(ask(text, frame, 7)).toBe(expected);
  });

  it('crosses when what is visible changes, not between two bars of its own', () => {
    expect(ask('close@15m crosses_above 50', frame, 7)).toBe('? ? no no no yes no');
    expect(ask('close@15m[1] crosses_above 20', frame, 7)).toBe('? ? ? ? ? ? no');
  });

  it('that was not prepared is a bug', () => {
    expect(() => compileRule(parseRule('close@15m > 1'), frameOf({ 'close@15m': [1] }))).toThrow('No index from 5m bars to 15m bars');
    expect(() => compileRule(parseRule('close@15m > 1'), frameOf({}))).toThrow('column close@15m is not prepared');
  });
});

describe('a compiled rule', () => {
  const column: fc.Arbitrary<ColumnValue> = fc.record({
    kind: fc.constant('column' as const),
    name: fc.constantFrom('open', 'close', 'rsi'),
    timeframe: fc.constantFrom(null, '5m' as const, '15m' as const, '1h' as const),
    barsBack: fc.constantFrom(0, 0, 1, 2, 7),
  });
  const bars = 24;
  const values = fc.array(fc.oneof(fc.integer({ min: -2, max: 4 }), fc.constant(UNKNOWN), fc.double({ min: -5, max: 5, noNaN: true })), {
    minLength: bars,
    maxLength: bars,
  });
  /** Rises by up to two bars of the higher timeframe at once, from before its first. */
  const index = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: bars, maxLength: bars }).map((steps) => {
    let at = -2;
    return steps.map((step) => {
      at = Math.min(at + step, bars - 1);
      return Math.max(at, -1);
    });
  });
  const names = ['open', 'close', 'rsi'].flatMap((name) => ['5m', '15m', '1h'].map((timeframe) => `${name}@${timeframe}`));

  it('says what a slow and plain interpreter says, of one bar and of many at once', () => {
    const seen = { true: 0, false: 0, null: 0 };
    const expected = { true: 1, false: 0, null: 2 } as const;

    fc.assert(
      fc.property(
        rulesOver(column),
        fc.record(Object.fromEntries(names.map((name) => [name, values]))),
        index,
        index,
        fc.integer({ min: 0, max: bars }),
        (rule, columns, quarters, hours, cut) => {
          const frame = frameOf(columns, { '15m': quarters, '1h': hours });
          const answering = compileRule(rule, frame);
          const condition = conditionOf(answering);
          const answers = new Uint8Array(bars);
          answering(answers, 0, cut);
          answering(answers.subarray(cut), cut, bars);
          for (let bar = 0; bar < bars; bar += 1) {
            const meant = `${interpretRule(rule, frame, bar)}` as const;
            if (condition(bar) !== expected[meant]) expect(condition(bar), `bar ${bar}`).toBe(expected[meant]);
            if (answers[bar] !== expected[meant]) expect(answers[bar], `bar ${bar}, cut at ${cut}`).toBe(expected[meant]);
            seen[meant] += 1;
          }
        },
      ),
      { seed: 99, numRuns: 600 },
    );

    expect(Math.min(seen.true, seen.false, seen.null)).toBeGreaterThan(1_000);
  });
});
