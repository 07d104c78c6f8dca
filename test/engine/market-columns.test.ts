import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregateCandles, visibleIndex } from '../../src/engine/aggregate.ts';
import type { Timeframe } from '../../src/engine/bar.ts';
import { type Candles, candlesFromBars } from '../../src/engine/candles.ts';
import { computeIndicator } from '../../src/engine/indicators/compute-columns.ts';
import { BAR_COLUMN_NAMES, COLUMN_NAMES, INDICATOR_NAMES } from '../../src/engine/indicators/indicator-names.ts';
import { type IndicatorPeriods, resolvePeriods } from '../../src/engine/indicators/periods.ts';
import { openColumns } from '../../src/engine/market-columns.ts';
import { compilePlan, compileProgram } from '../../src/engine/program.ts';
import { replay } from '../../src/engine/replay.ts';
import { formatRule } from '../../src/engine/rules/format-rule.ts';
import type { ColumnValue } from '../../src/engine/rules/rule.ts';
import { effectiveSettings } from '../../src/engine/settings.ts';
import { validatePlan } from '../../src/engine/validate-plan.ts';
import { inputOf, planWith, randomWalk, SYMBOL, triggerWith } from '../support/bars.ts';
import { rulesOver } from './rules/generated-rules.ts';

const TIMEFRAMES = ['5m', '15m', '1h'] as const;

const SHORT: IndicatorPeriods = resolvePeriods(effectiveSettings({ indicator_mode: 'short_term' }));

function walk(seed: number, barCount = 240): Candles {
  return candlesFromBars(randomWalk({ seed, barCount, missing: 0.1, jumps: 0.1 }));
}

function barsOf(base: Candles, timeframe: Timeframe): Candles {
  return timeframe === '5m' ? base : aggregateCandles(base, '5m', timeframe);
}

/** Columns that a rule on 5m may name, few bars back. */
const COLUMN: fc.Arbitrary<ColumnValue> = fc.record({
  kind: fc.constant('column' as const),
  name: fc.constantFrom(...COLUMN_NAMES),
  timeframe: fc.constantFrom(null, ...TIMEFRAMES),
  barsBack: fc.integer({ min: 0, max: 3 }),
});

const RULES = rulesOver(COLUMN).map(formatRule);

describe('the columns of a market', () => {
  it('are those computed apart, in every timeframe', () => {
    const base = walk(1, 900);
    const columns = openColumns(base, '5m', SHORT);
    let known = 0;

    for (const timeframe of TIMEFRAMES) {
      const candles = barsOf(base, timeframe);
      for (const name of BAR_COLUMN_NAMES) expect(columns.column(name, timeframe), `${name}@${timeframe}`).toEqual(candles[name]);
      for (const name of INDICATOR_NAMES) {
        const column = columns.column(name, timeframe);
        expect(column, `${name}@${timeframe}`).toEqual(computeIndicator(name, candles, SHORT));
        known += column.filter((value) => !Number.isNaN(value)).length;
      }
    }

    expect(known).toBeGreaterThan(10_000);
  });

  it('are made once, those of one family together', () => {
    const columns = openColumns(walk(2), '5m', SHORT);
    const macd = columns.column('macd', '15m');
    const signal = columns.column('macd_signal', '15m');

    expect(columns.column('macd', '15m')).toBe(macd);
    expect(columns.column('macd_signal', '15m')).toBe(signal);
    expect(columns.column('macd', '5m')).not.toBe(macd);
    expect(columns.condition('macd > 0', '15m')).toBe(columns.condition('macd > 0', '15m'));
    expect(columns.signals('macd > 0', '15m')).toBe(columns.signals('macd > 0', '15m'));
    expect(columns.signals('macd > 0', '15m')).not.toBe(columns.signals('macd > 0', '5m'));
    expect(columns.condition('macd > 0', '15m')).not.toBe(columns.condition('macd > 0', '5m'));
  });

  it('tell what was visible at each base close; the base timeframe always is', () => {
    const base = walk(3);
    const columns = openColumns(base, '5m', SHORT);

    expect(columns.visible('5m')).toBeNull();
    expect(columns.visible('1h')).toEqual(visibleIndex(base, '5m', barsOf(base, '1h'), '1h'));
    expect(columns.condition('close > 0', '5m').visible).toBeNull();
    expect(columns.condition('close > 0', '1h').visible).toBe(columns.visible('1h'));
  });
});

describe('the rules over them', () => {
  it('answer the same whichever other rules share the columns, in whatever order they are asked', () => {
    const seen = [0, 0, 0];

    fc.assert(
      fc.property(fc.array(RULES, { minLength: 2, maxLength: 4 }), fc.integer({ min: 0, max: 1e6 }), (rules, seed) => {
        const base = walk(seed, 120);
        const shared = openColumns(base, '5m', SHORT);
        const together = rules.map((rule) => shared.condition(rule, '5m').condition);
        const apart = rules.map((rule) => openColumns(base, '5m', SHORT).condition(rule, '5m').condition);

        for (let index = base.close.length - 1; index >= 0; index -= 3) {
          const answers = together.map((condition) => condition(index));
          expect(answers).toEqual(apart.map((condition) => condition(index)));
          for (const answer of answers) seen[answer] = (seen[answer] ?? 0) + 1;
        }
      }),
      { seed: 4, numRuns: 80 },
    );

    for (const count of seen) expect(count).toBeGreaterThan(100);
  });

  it('are answered per base bar as they are at its close', () => {
    let held = 0;

    fc.assert(
      fc.property(RULES, fc.constantFrom(...TIMEFRAMES), fc.integer({ min: 0, max: 1e6 }), (rule, timeframe, seed) => {
        // A rule may look at its own timeframe and higher ones only.
        const isAllowed = TIMEFRAMES.slice(0, TIMEFRAMES.indexOf(timeframe)).every((lower) => !rule.includes(`@${lower}`));
        if (!isAllowed) return;
        const base = walk(seed, 120);
        const columns = openColumns(base, '5m', SHORT);
        const { condition, visible } = openColumns(base, '5m', SHORT).condition(rule, timeframe);
        const signals = columns.signals(rule, timeframe);

        for (let bar = base.close.length - 1; bar >= 0; bar--) {
          const isNew = visible === null || visible[bar] !== (bar === 0 ? -1 : visible[bar - 1]);
          expect(signals.at(bar)).toBe(isNew && condition(visible === null ? bar : (visible[bar] as number)) === 1);
          if (signals.at(bar)) held++;
          const later = Array.from({ length: base.close.length - bar }, (_, offset) => bar + offset);
          expect(signals.next(bar, base.close.length)).toBe(later.find((each) => signals.at(each)) ?? base.close.length);
        }
      }),
      { seed: 5, numRuns: 150 },
    );

    expect(held).toBeGreaterThan(1_000);
  });

  it('on a higher timeframe hold at the one close at which its bar became visible', () => {
    const base = candlesFromBars(randomWalk({ seed: 6, barCount: 24 }));
    const signals = openColumns(base, '5m', SHORT).signals('close > 0', '15m');
    const held = Array.from(base.close, (_, bar) => bar).filter((bar) => signals.at(bar));

    expect(held).toEqual([2, 5, 8, 11, 14, 17, 20, 23]);
  });

  it('are answered beyond one block of bars', () => {
    const base = walk(7, 2_500);
    const signals = openColumns(base, '5m', SHORT).signals('close > close[1]', '5m');

    for (const bar of [base.close.length - 1, 1_024, 1_023, 2_048, 1, 0]) {
      expect(signals.at(bar), `bar ${bar}`).toBe(bar > 0 && Number(base.close[bar]) > Number(base.close[bar - 1]));
    }
  });
});

describe('runs that share columns', () => {
  it('come out as they do with columns of their own', () => {
    let trades = 0;

    fc.assert(
      fc.property(fc.array(RULES, { minLength: 2, maxLength: 3 }), fc.integer({ min: 0, max: 1e6 }), (rules, seed) => {
        const input = inputOf({
          bars: { [SYMBOL]: randomWalk({ seed, barCount: 300, missing: 0.1 }) },
          settings: { indicator_mode: 'short_term', support_break_enabled: true, volatility_spike_enabled: true },
          input: { timeframes: [...TIMEFRAMES] },
        });
        const first = compileProgram(input);
        const columns = first.symbols.map((symbol) => symbol.columns);
        for (const entry of rules) {
          const stop = { kind: 'atr', multiple: 2 } as const;
          const plan = validatePlan(planWith([triggerWith({ entry, exit: rules[0], stop })]), {
            symbols: [SYMBOL],
            timeframes: [...TIMEFRAMES],
          });
          const startMs = Number(input.markets[0]?.candles.openTimeMs[0]);
          const shared = replay({ program: compileProgram(input, columns), plan, startMs });
          const own = replay({ program: compileProgram(input), plan, startMs });

          expect(compilePlan(first, plan.plan).entries.length).toBe(plan.plan.triggers.length);
          expect(shared).toEqual(own);
          trades += own.trades.length;
        }
      }),
      { seed: 8, numRuns: 40 },
    );

    expect(trades).toBeGreaterThan(100);
  });
});
