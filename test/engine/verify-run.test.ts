import { describe, expect, it } from 'vitest';
import { backtest } from '../../src/engine/backtest.ts';
import type { PlanSource } from '../../src/engine/plan-source.ts';
import type { RunResult } from '../../src/engine/result.ts';
import { type RunPart, verifyRun } from '../../src/engine/verify-run.ts';
import { inputOf, openMs, planWith, randomWalk, SYMBOL, triggerWith } from '../support/bars.ts';

const bars = randomWalk({ seed: 4, barCount: 300, movePct: 2 });
const triggers = [triggerWith({ entry: 'close > open', exit: 'close < open', stop: { kind: 'pct', pct: 2 } })];
const input = inputOf({ bars: { [SYMBOL]: bars }, triggers });
const recorded = backtest(input);

/** As the store gives it back. */
const stored = (result: RunResult): RunResult => ({ ...JSON.parse(JSON.stringify(result)), equity: result.equity });

const differing = (before: RunResult, after: RunResult): readonly RunPart[] =>
  verifyRun(stored(before), after).parts.flatMap(({ part, isSame }) => (isSame === false ? [part] : []));

describe('verifyRun', () => {
  it('says that the same is identical', () => {
    const verification = verifyRun(stored(recorded), backtest(input));

    expect(recorded.trades.length, 'the run traded').toBeGreaterThan(5);
    expect(verification.isIdentical).toBe(true);
    expect(verification.parts.map(({ isSame }) => isSame)).toEqual([true, true, true, true, true, true]);
  });

  const otherBars = bars.map((bar, index) => (index === 200 ? { ...bar, volume: bar.volume + 1e-12 } : bar));
  it.each<[string, RunPart, RunResult]>([
    ['one number of one bar', 'candles', backtest(inputOf({ bars: { [SYMBOL]: otherBars }, triggers }))],
    ['a bar that is gone', 'candles', backtest(inputOf({ bars: { [SYMBOL]: bars.slice(0, -1) }, triggers }))],
    ['a setting', 'settings', backtest(inputOf({ bars: { [SYMBOL]: bars }, triggers, settings: { max_trades_per_day: 99 } }))],
    ['a trigger', 'plan', backtest(inputOf({ bars: { [SYMBOL]: bars }, triggers: [{ ...triggers[0], grade: 'A' }] }))],
    ['the timeframes', 'window', backtest({ ...input, timeframes: ['5m', '1h'] })],
    ['where the indicators come from', 'window', backtest({ ...input, indicators: 'reference' })],
    ['the version of the engine', 'engine', { ...recorded, engine_version: 'of later', input_hash: 'other' }],
    ['what the same version makes of the same input', 'engine', { ...recorded, result_hash: 'other' }],
  ])('names what differs: %s', (_, part, again) => {
    expect(differing(recorded, again)).toEqual([part]);
  });

  it('names every part that differs', () => {
    const again = backtest(inputOf({ bars: { [SYMBOL]: otherBars }, triggers, settings: { max_trades_per_day: 99 } }));

    expect(differing(recorded, { ...again, engine_version: 'of later' })).toEqual(['candles', 'settings', 'engine']);
  });

  it.each<[RunPart, string, RunResult]>([
    ['settings', 'max_trades_per_day', { ...recorded, settings: { ...recorded.settings, max_trades_per_day: 7 } }],
    [
      'plan',
      '1 trigger changed (long)',
      {
        ...recorded,
        plans: recorded.plans.map((used) => ({
          ...used,
          plan: { ...used.plan, triggers: used.plan.triggers.map((trigger) => ({ ...trigger, side: 'short' as const })) },
        })),
      },
    ],
    ['result', 'summary', { ...recorded, summary: { ...recorded.summary, equity_return_pct: 1_000 } }],
    ['result', 'equity', { ...recorded, equity: { ...recorded.equity, values: recorded.equity.values.map((value) => value * 2) } }],
  ])('names %s that were changed where the run is kept (%s)', (part, word, kept) => {
    const { parts } = verifyRun(stored(kept), backtest(input));

    expect(parts.filter(({ isSame }) => isSame === false)).toMatchObject([{ part, details: [expect.stringContaining(word)] }]);
  });

  it('verifies a run that followed several plans', () => {
    const timeline = (grade: string): PlanSource => ({
      kind: 'frozen',
      timeline: [{ from: openMs(100), plan: planWith([triggerWith({ grade, entry: 'close < open' })]) }],
    });
    const planned = backtest(input, () => {}, timeline('A'));

    expect(planned.plans).toHaveLength(2);
    expect(
      differing(
        planned,
        backtest(input, () => {}, timeline('A')),
      ),
    ).toEqual([]);
    expect(
      differing(
        planned,
        backtest(input, () => {}, timeline('C')),
      ),
    ).toEqual(['plan']);
  });

  it('verifies a run of a version that kept no hashes of its parts, the bars by what is left', () => {
    const older = { ...recorded, input_parts: null };

    expect(verifyRun(stored(older), backtest(input)).isIdentical).toBe(true);
    expect(differing(older, backtest(inputOf({ bars: { [SYMBOL]: otherBars }, triggers })))).toEqual(['candles']);
    expect(differing(older, backtest(inputOf({ bars: { [SYMBOL]: bars }, triggers, settings: { max_trades_per_day: 99 } })))).toEqual([
      'settings',
    ]);
  });
});
