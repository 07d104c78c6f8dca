import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/engine/bar.ts';
import { firstBarFrom, sliceCandles } from '../../src/engine/candles.ts';
import { warmUpStartMs } from '../../src/engine/plan-columns.ts';
import { openSession } from '../../src/engine/session/session.ts';
import { step } from '../../src/engine/session/step.ts';
import { createRulePlanner } from '../../src/strategist/rule-planner.ts';
import { sessionQuestion } from '../../src/strategist/session-question.ts';
import { snapshotText } from '../../src/strategist/snapshot.ts';
import { warmUpPlan } from '../../src/strategist/warm-up-plan.ts';
import { never, questionsOf, sampleRun } from './sample.ts';

describe('a session that asks for a plan', () => {
  it('asks what a backtest over the same bars asks, byte for byte, and follows the same plans', async () => {
    const input = sampleRun({ seed: 7, settings: { volatility_spike_enabled: true, volatility_spike_multiplier: 1.3 } });
    const planner = createRulePlanner('test');
    const questions = await questionsOf(input);
    const wanted = questions.map(({ snapshot }) => snapshotText(snapshot));
    const wantedPlans = await Promise.all(questions.map(async (question) => (await planner(question, never)).plan));
    const [market] = input.markets;
    if (market === undefined) throw new Error('no market');
    const { candles } = market;
    const first = firstBarFrom(candles, input.startMs ?? 0);
    const barAt = (at: number) => ({
      open: candles.open[at] ?? 0,
      high: candles.high[at] ?? 0,
      low: candles.low[at] ?? 0,
      close: candles.close[at] ?? 0,
      volume: candles.volume[at] ?? 0,
    });
    const history = Array.from({ length: first }, (_, at) => ({ openTimeMs: candles.openTimeMs[at] ?? 0, ...barAt(at) }));
    const { timeframes, settings } = input;
    const markets = { symbols: ['BTC-USD'], timeframes, instrument: 'perpetual', exchange: 'bybit', fills: 'simulated' } as const;
    const warming = openSession(markets, settings, warmUpPlan({ symbols: ['BTC-USD'], timeframes }));
    let session = step(warming, { kind: 'history', symbol: 'BTC-USD', bars: history }).session;

    const opening = sessionQuestion(session, { request: null, planAgeMs: 0 });
    const asked = [snapshotText(opening.snapshot)];
    const opened = await planner(opening, never);
    session = { ...session, plan: opened.plan?.plan ?? session.plan };
    const plans = [opened.plan];
    const resumedPlans = [opened.plan];
    let trades = 0;
    for (let at = first; at < candles.close.length; at++) {
      const stepped = step(session, { kind: 'bars', openTimeMs: candles.openTimeMs[at] ?? 0, bars: { 'BTC-USD': barAt(at) } });
      session = stepped.session;
      trades += stepped.trades.length;
      if (stepped.request === null) continue;
      const question = sessionQuestion(session, { request: stepped.request, planAgeMs: 0 });
      asked.push(snapshotText(question.snapshot));
      const { plan } = await planner(question, never);
      plans.push(plan);
      const resumed = sessionQuestion(JSON.parse(JSON.stringify(session)), { request: stepped.request, planAgeMs: 0 });
      resumedPlans.push((await planner(resumed, never)).plan);
      const arrival = { kind: 'plan', timeMs: stepped.request.time, plan: plan?.plan, requestedBy: stepped.request.trigger_type } as const;
      session = step(session, arrival).session;
    }

    // At its last close a session asks what to do next; a backtest has no bar left that could follow an answer, and asks nobody.
    expect(asked.slice(0, -1)).toEqual(wanted);
    expect(plans.slice(0, -1), 'whatever a session still remembers').toEqual(wantedPlans);
    expect(resumedPlans).toEqual(plans);
    expect(
      plans.some((plan) => (plan?.dropped.length ?? 0) > 0),
      'a rule was found idle',
    ).toBe(true);
    expect(asked.length).toBeGreaterThan(6);
    expect(
      asked.some((text) => text.includes('"position":{')),
      'a position was asked about',
    ).toBe(true);
    expect(trades).toBeGreaterThan(0);
  });
});

describe('the plan that a run warms up by', () => {
  it('loads what a first snapshot reads, where fewer bars would leave gaps', async () => {
    const input = sampleRun({ warmUpDays: 9, days: 1 });
    const plan = warmUpPlan({ symbols: ['BTC-USD'], timeframes: input.timeframes });
    const [market] = input.markets;
    if (market === undefined) throw new Error('no market');
    const { candles } = market;
    const fromMs = warmUpStartMs(plan, 'BTC-USD', '5m', input.startMs ?? 0, input.settings);
    const firstFrom = async (timeMs: number) => {
      const cut = sliceCandles(candles, firstBarFrom(candles, timeMs), candles.close.length);
      const [first] = await questionsOf({ ...input, markets: [{ ...market, candles: cut }] });
      return first?.snapshot.symbols[0]?.frames.flatMap(({ indicators, regime }) => [
        ...Object.values(indicators),
        ...Object.values(regime),
      ]);
    };

    expect(fromMs).toBeGreaterThan(candles.openTimeMs[0] ?? 0);
    expect(await firstFrom(fromMs)).not.toContain(null);
    expect(await firstFrom(fromMs + 3 * DAY_MS)).toContain(null);
    expect(plan).toMatchObject({ stance: 'wait' });
  });
});
