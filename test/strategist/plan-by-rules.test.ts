import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backtest } from '../../src/engine/backtest.ts';
import { candlesFromBars } from '../../src/engine/candles.ts';
import { validatePlan } from '../../src/engine/validate-plan.ts';
import { planByRules } from '../../src/strategist/plan-by-rules.ts';
import type { RegimeFeatures } from '../../src/strategist/regime.ts';
import type { Snapshot } from '../../src/strategist/snapshot.ts';
import { barsFromCloses, START_MS } from '../support/bars.ts';
import { questionsOf, sampleRun } from './sample.ts';

const CALM: RegimeFeatures = {
  trend_atr: 0,
  spread_atr: 0,
  slope_atr: 0,
  adx: 15,
  atr_pct: 1,
  atr_ratio: 1,
  atr_rank: 0.5,
  efficiency: 0.3,
  channel: 0.5,
  volume_ratio: 1,
};

/** A snapshot whose every frame shows the same features. */
async function snapshotWith(regime: Partial<RegimeFeatures>, constraints: Partial<Snapshot['constraints']> = {}): Promise<Snapshot> {
  const [first] = await questionsOf(sampleRun({ days: 1 }));
  if (first === undefined) throw new Error('nothing was asked');
  const { symbols, ...rest } = first.snapshot;
  return {
    ...rest,
    constraints: { ...rest.constraints, ...constraints },
    symbols: symbols.map((symbol) => ({ ...symbol, frames: symbol.frames.map((frame) => ({ ...frame, regime: { ...CALM, ...regime } })) })),
  };
}

const RISING = { adx: 30, spread_atr: 2, slope_atr: 1 };

describe('a plan by rules', () => {
  it('always validates whole, on any walk, and says the same of the same', async () => {
    const seen = { triggers: 0, waits: 0, regimes: new Set<string>(), bad: 0 };
    const walks = fc.record({
      seed: fc.integer({ min: 1, max: 1e6 }),
      movePct: fc.constantFrom(0.05, 0.3, 1, 4),
      missing: fc.constantFrom(0, 0.2),
      warmUpDays: fc.constantFrom(0, 1, 6),
      timeframes: fc.constantFrom(['5m'] as const, ['5m', '1h'] as const, ['5m', '15m', '1h', '4h'] as const),
      symbols: fc.constantFrom(['BTC-USD'], ['BTC-USD', 'ETH-USD']),
    });
    await fc.assert(
      fc.asyncProperty(walks, async (walk) => {
        for (const { snapshot, scope } of await questionsOf(sampleRun({ ...walk, days: 1 }))) {
          const plan = planByRules(snapshot);
          const { dropped } = validatePlan(plan, scope);
          seen.bad += dropped.length;
          seen.triggers += plan.triggers.length;
          seen.waits += plan.stance === 'wait' ? 1 : 0;
          seen.regimes.add(plan.regime);
          expect(plan.stance === 'wait').toBe(plan.triggers.length === 0);
          expect(planByRules(JSON.parse(JSON.stringify(snapshot)))).toEqual(plan);
          for (const { id, symbol, side } of plan.triggers) {
            expect(id).toMatch(new RegExp(`^${symbol.toLowerCase()}-(pullback|breakout|fade)-${side}$`));
          }
        }
      }),
      { seed: 11, numRuns: 40 },
    );
    expect(seen.bad, 'triggers that validation drops').toBe(0);
    expect(seen.triggers).toBeGreaterThan(100);
    expect(seen.waits).toBeGreaterThan(10);
    expect([...seen.regimes].sort()).toEqual(expect.arrayContaining(['bear', 'bull', 'mixed', 'range']));
  });

  it.each([
    ['bull', RISING, ['pullback-long A', 'breakout-long B'], 'active'],
    ['bear', { adx: 30, spread_atr: -2, slope_atr: -1 }, ['pullback-short A', 'breakout-short B'], 'active'],
    ['range', CALM, ['fade-long B', 'fade-short B'], 'active'],
    ['high_vol', { ...RISING, atr_rank: 0.99, atr_ratio: 2.5 }, ['breakout-long B', 'breakout-short B'], 'defensive'],
    ['mixed', { ...CALM, adx: 20 }, ['breakout-long C', 'breakout-short C'], 'active'],
  ] as const)('in a %s market tries what fits it', async (regime, features, wanted, stance) => {
    const plan = planByRules(await snapshotWith(features));

    expect([plan.regime, plan.stance]).toEqual([regime, stance]);
    expect(plan.triggers.map(({ id, grade }) => `${id} ${grade}`)).toEqual(wanted.map((each) => `btc-usd-${each}`));
    expect(plan.rationale).toMatch(/^BTC-USD .* on 1h \(ADX [\d.]+, .*\): trade /);
  });

  it('widens the stop where costs are large, moves up a timeframe where that is not enough, and waits where nothing is', async () => {
    const dear = await snapshotWith({ ...RISING, atr_pct: 1 }, { round_trip_cost_pct: 0.35 });
    const [symbol] = dear.symbols;
    const slow = symbol?.frames.map((frame, index) => ({ ...frame, regime: { ...frame.regime, atr_pct: [0.05, 0.1, 1][index] ?? null } }));
    const moved = { ...dear, symbols: [{ ...symbol, frames: slow }] } as Snapshot;
    const hopeless = await snapshotWith({ ...RISING, atr_pct: 0.01 }, { round_trip_cost_pct: 0.35 });

    expect(planByRules(await snapshotWith(RISING)).triggers[0]).toMatchObject({ stop: { multiple: 2.5 }, timeframe: '5m' });
    expect(planByRules(dear).triggers[0]).toMatchObject({ stop: { multiple: 3.5 }, timeframe: '5m' });
    expect(planByRules(moved).triggers[0]).toMatchObject({ id: 'btc-usd-pullback-long', stop: { multiple: 3.5 }, timeframe: '1h' });
    expect(planByRules(hopeless)).toMatchObject({
      stance: 'wait',
      triggers: [],
      rationale: expect.stringContaining('cost too much of the risk'),
    });
  });

  it('asks again only for levels that noise does not reach', async () => {
    const snapshot = await snapshotWith(RISING);
    const [symbol] = snapshot.symbols;
    const [base] = symbol?.frames ?? [];
    if (symbol === undefined || base === undefined) throw new Error('no symbol');
    const frames = [{ ...base, close: 100, indicators: { ...base.indicators, atr: 2 } }];
    const levelsOf = (support: number[], resistance: number[]) =>
      planByRules({ ...snapshot, symbols: [{ ...symbol, frames, levels: { support, resistance } }] }).levels;

    expect(levelsOf([99, 97, 90], [101, 102.9])).toEqual({ 'BTC-USD': { support: [97, 90], resistance: [106] } });
    expect(levelsOf([], [103])).toEqual({ 'BTC-USD': { support: [94], resistance: [103] } });
  });

  it('sells nothing short where there are no shorts', async () => {
    const spot = { shorts_allowed: false };

    expect(planByRules(await snapshotWith({ adx: 30, spread_atr: -2, slope_atr: -1 }, spot))).toMatchObject({
      stance: 'wait',
      triggers: [],
    });
    expect(planByRules(await snapshotWith(CALM, spot)).triggers.map(({ side }) => side)).toEqual(['long']);
  });

  it('sees a steady rise for what it is, from bars alone', async () => {
    const closes = Array.from({ length: 7 * 288 }, (_, bar) => 100 * 1.0005 ** bar * (1 + (bar % 7) / 1_000));
    const run = sampleRun();
    const bars = barsFromCloses(closes, { startMs: START_MS + 25 * 86_400_000 });
    const questions = await questionsOf({ ...run, markets: [{ symbol: 'BTC-USD', candles: candlesFromBars(bars), funding: null }] });

    expect(questions.map(({ snapshot }) => planByRules(snapshot).regime)).toEqual(questions.map(() => 'bull'));
    expect(questions.length).toBeGreaterThan(4);
  });

  it('trades when it is let', async () => {
    let trades = 0;
    for (const seed of [1, 2, 3, 4]) {
      const input = sampleRun({ seed });
      const [first] = await questionsOf(input);
      if (first !== undefined) trades += backtest({ ...input, plan: planByRules(first.snapshot) }).summary.total_trades;
    }
    expect(trades).toBeGreaterThan(3);
  });
});
