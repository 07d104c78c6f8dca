import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backtest } from '../../src/engine/backtest.ts';
import { candlesFromBars } from '../../src/engine/candles.ts';
import type { RuleFinding } from '../../src/engine/plan-record.ts';
import { validatePlan } from '../../src/engine/validate-plan.ts';
import { planByRules } from '../../src/strategist/plan-by-rules.ts';
import type { PlanQuestion } from '../../src/strategist/planner.ts';
import type { RegimeFeatures } from '../../src/strategist/regime.ts';
import { createRulePlanner } from '../../src/strategist/rule-planner.ts';
import type { Snapshot } from '../../src/strategist/snapshot.ts';
import { barsFromCloses, START_MS } from '../support/bars.ts';
import { never, questionsOf, sampleRun } from './sample.ts';

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
  band_atr: 2.5,
  volume_ratio: 1,
};

/** A question whose every frame shows the same features; noise shows an ADX of 31 at its 7 bars. */
async function questionWith(regime: Partial<RegimeFeatures>, constraints: Partial<Snapshot['constraints']> = {}): Promise<PlanQuestion> {
  const [first] = await questionsOf(sampleRun({ days: 1 }));
  if (first === undefined) throw new Error('nothing was asked');
  return { ...first, snapshot: withFeatures(first.snapshot, regime, constraints) };
}

async function snapshotWith(regime: Partial<RegimeFeatures>, constraints: Partial<Snapshot['constraints']> = {}): Promise<Snapshot> {
  return (await questionWith(regime, constraints)).snapshot;
}

function withFeatures(
  { symbols, ...rest }: Snapshot,
  regime: Partial<RegimeFeatures>,
  constraints: Partial<Snapshot['constraints']>,
): Snapshot {
  return {
    ...rest,
    constraints: { ...rest.constraints, ...constraints },
    symbols: symbols.map((symbol) => ({ ...symbol, frames: symbol.frames.map((frame) => ({ ...frame, regime: { ...CALM, ...regime } })) })),
  };
}

/** The same on all timeframes but for what their bars reach; %. */
function withAtrs(snapshot: Snapshot, atrPcts: readonly number[]): Snapshot {
  return {
    ...snapshot,
    symbols: snapshot.symbols.map((symbol) => ({
      ...symbol,
      frames: symbol.frames.map((frame, index) => ({ ...frame, regime: { ...frame.regime, atr_pct: atrPcts[index] ?? null } })),
    })),
  };
}

const RISING = { adx: 40, spread_atr: 2, slope_atr: 1 };
const FALLING = { adx: 40, spread_atr: -2, slope_atr: -1 };

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
    ['bear', FALLING, ['pullback-short A', 'breakout-short B'], 'active'],
    ['range', CALM, ['fade-long B', 'fade-short B'], 'active'],
    ['high_vol', { ...RISING, atr_rank: 0.99, atr_ratio: 2.5 }, ['breakout-long B', 'breakout-short B'], 'defensive'],
    ['mixed', { adx: 28 }, ['breakout-long C', 'breakout-short C'], 'defensive'],
  ] as const)('in a %s market tries what fits it', async (regime, features, wanted, stance) => {
    const plan = planByRules(await snapshotWith(features));

    expect([plan.regime, plan.stance]).toEqual([regime, stance]);
    expect(plan.triggers.map(({ id, grade }) => `${id} ${grade}`)).toEqual(wanted.map((each) => `btc-usd-${each}`));
    expect(plan.rationale).toMatch(/^BTC-USD .* on 1h \(ADX \d+, noise shows 31; .*\): trade /);
  });

  it('goes up to the timeframe whose moves carry the costs and says so, and waits where none does', async () => {
    const rising = await snapshotWith(RISING, { round_trip_cost_pct: 0.24 });
    const raised = planByRules(withAtrs(rising, [0.2, 0.35, 0.7]));
    const hopeless = planByRules(withAtrs(rising, [0.1, 0.2, 0.4]));

    expect(planByRules(withAtrs(rising, [0.7, 1, 2])).triggers[0]).toMatchObject({ timeframe: '5m', stop: { multiple: 2.5 } });
    expect(raised.triggers[0]).toMatchObject({
      id: 'btc-usd-pullback-long',
      timeframe: '1h',
      stop: { multiple: 2.5 },
      target: { multiple: 1.8 },
    });
    expect(raised.rationale).toContain('5m and 15m are too small for the costs (a stop on 5m would pay 0.48 R), so 1h.');
    expect(hopeless).toMatchObject({ stance: 'wait', triggers: [] });
    expect(hopeless.rationale).toContain('No long pullback: even on 1h a stop of 1 % would pay 0.24 R of costs, more than 0.2.');
  });

  it('aims a fade at what the bands give, and leaves it alone where that is not worth its risk', async () => {
    const wide = planByRules(await snapshotWith({ band_atr: 3 }));
    const narrow = planByRules(await snapshotWith({ band_atr: 1.5 }));
    const unknown = planByRules(await snapshotWith({ band_atr: null }));

    expect(wide.triggers[0]).toMatchObject({
      entry: 'close crosses_above bb_lower and rsi < 45 and adx@1h < 42.4',
      exit: 'close > bb_upper',
      stop: { kind: 'atr', multiple: 1.5 },
      target: { kind: 'r', multiple: 1.6 },
    });
    expect([narrow.stance, unknown.stance]).toEqual(['wait', 'wait']);
    expect(narrow.rationale).toContain('No fade: on 5m it would win 0.73 of what it risks after costs, less than 0.8.');
    expect(unknown.rationale).toContain('No fade: too few bars to measure how far it would run.');
  });

  it('aims nearer where the market is violent', async () => {
    const violent = planByRules(await snapshotWith({ ...RISING, atr_rank: 0.99, atr_ratio: 2.5 }));

    expect(violent.triggers.map(({ stop, target }) => [stop, target])).toEqual([
      [
        { kind: 'atr', multiple: 3 },
        { kind: 'r', multiple: 1.2 },
      ],
      [
        { kind: 'atr', multiple: 3 },
        { kind: 'r', multiple: 1.2 },
      ],
    ]);
  });

  it('does not take a spike for a market whose lowest bars carry the costs', async () => {
    const spike = await snapshotWith({ ...RISING, atr_rank: 0.99, atr_ratio: 3 }, { round_trip_cost_pct: 0.24 });
    const plan = planByRules(withAtrs(spike, [0.6, 0.8, 2]));

    expect(plan.triggers.map(({ timeframe }) => timeframe)).toEqual(['1h', '1h']);
    expect(plan.rationale).toContain('costs 0.12 R once it calms');
  });

  it('trades half the risk where two symbols are of two kinds, and names the kind of what it trades', async () => {
    const snapshot = await snapshotWith(RISING);
    const other = (regime: Partial<RegimeFeatures>) =>
      withFeatures(snapshot, regime, {}).symbols.map((view) => ({ ...view, symbol: 'ETH-USD' }));
    const planBeside = (regime: Partial<RegimeFeatures>) => planByRules({ ...snapshot, symbols: [...snapshot.symbols, ...other(regime)] });

    expect(planBeside(FALLING)).toMatchObject({ regime: 'mixed', stance: 'defensive' });
    expect(planBeside({ ...CALM, band_atr: null })).toMatchObject({ regime: 'bull', stance: 'active' });
  });

  it('leaves out what did not occur on the bars so far, says so, and waits when nothing is left', async () => {
    const question = await questionWith(RISING);
    const answerWith = (ids: readonly string[], found: Pick<RuleFinding, 'rule' | 'finding'>) => {
      const inspect: PlanQuestion['inspect'] = ({ triggers }) =>
        triggers.flatMap(({ id, symbol, entry }) =>
          ids.includes(id) ? [{ ...found, trigger_id: id, symbol, text: entry, bars: 133 }] : [],
        );
      return createRulePlanner('test')({ ...question, inspect }, never);
    };
    const both = ['btc-usd-pullback-long', 'btc-usd-breakout-long'];
    const one = await answerWith(both.slice(0, 1), { rule: 'entry', finding: 'never' });
    const none = await answerWith(both, { rule: 'entry', finding: 'always' });
    const exits = await answerWith(both, { rule: 'exit', finding: 'never' });

    expect(one.plan?.plan.triggers.map(({ id }) => id)).toEqual(['btc-usd-breakout-long']);
    expect(one.plan?.dropped).toEqual([{ id: 'btc-usd-pullback-long', reason: 'its condition did not occur once in 133 bars' }]);
    expect(one.plan?.plan.rationale).toContain('No long pullback: its condition did not occur once in 133 bars.');
    expect(one.findings).toEqual([]);
    expect(none.plan).toMatchObject({ plan: { stance: 'wait', triggers: [] }, dropped: [{ id: both[0] }, { id: both[1] }] });
    expect(exits).toMatchObject({ plan: { plan: { stance: 'active' }, dropped: [] }, findings: [{ rule: 'exit' }, { rule: 'exit' }] });
  });

  it('asks again only for levels that noise does not reach', async () => {
    const snapshot = await snapshotWith(RISING);
    const [symbol] = snapshot.symbols;
    const [base] = symbol?.frames ?? [];
    if (symbol === undefined || base === undefined) throw new Error('no symbol');
    const higher = { ...base, timeframe: '1h' as const, close: 103, indicators: { ...base.indicators, atr: 2 } };
    const frames = [{ ...base, close: 100 }, higher];
    const levelsOf = (support: number[], resistance: number[]) =>
      planByRules({ ...snapshot, symbols: [{ ...symbol, frames, levels: { support, resistance } }] }).levels;

    expect(levelsOf([99, 97, 90], [101, 102.9])).toEqual({ 'BTC-USD': { support: [97, 90], resistance: [106] } });
    expect(levelsOf([], [103])).toEqual({ 'BTC-USD': { support: [94], resistance: [103] } });
    expect(levelsOf([101], []), 'the last hour closed higher').toEqual({ 'BTC-USD': { support: [94], resistance: [106] } });
  });

  it('sells nothing short where there are no shorts', async () => {
    const spot = { shorts_allowed: false };

    expect(planByRules(await snapshotWith(FALLING, spot))).toMatchObject({
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
