import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backtest } from '../../src/engine/backtest.ts';
import { TIMEFRAME_MS } from '../../src/engine/bar.ts';
import { compileProgram } from '../../src/engine/program.ts';
import { lastClosedBars, type OpenRequest, replayAsking } from '../../src/engine/replan-driver.ts';
import type { ReplanRequest } from '../../src/engine/result.ts';
import { validatePlan } from '../../src/engine/validate-plan.ts';
import { barsFromRows, closeMs, inputOf, planWith, randomWalk, START_MS, still, triggerWith } from '../support/bars.ts';
import { generatedRuns } from '../support/generated-runs.ts';
import { replayOf } from '../support/replay-of.ts';

const plannedRun = (input: ReturnType<typeof inputOf>) => ({
  program: compileProgram(input),
  plan: validatePlan(input.plan, { symbols: input.markets.map(({ symbol }) => symbol), timeframes: input.timeframes }),
  startMs: input.startMs ?? START_MS,
});

function drive(input: ReturnType<typeof inputOf>, answer: (open: OpenRequest, index: number) => unknown) {
  const asking = replayAsking(plannedRun(input));
  const requests: ReplanRequest[] = [];
  const equities: number[] = [];
  const inForce: (readonly [from: number, rationale: string])[] = [];
  let step = asking.next();
  while (step.done !== true) {
    if (step.value.kind === 'ended') throw new Error('No plan was given an end.');
    requests.push(step.value.request);
    equities.push(step.value.state.equity);
    inForce.push([step.value.inForce.from, step.value.inForce.plan.rationale]);
    step = asking.next({ proposed: answer(step.value, requests.length - 1), ends: null });
  }
  return { requests, equities, inForce, timeline: step.value };
}

/** Another plan each time, now and then none, and now and then one that is not usable. */
const answerOf = (plan: unknown, index: number): unknown => {
  if (index % 4 === 3) return null;
  if (index % 5 === 4) return { nonsense: true };
  return { ...(plan as object), stance: index % 3 === 0 ? 'defensive' : 'active', rationale: `Plan ${index}.` };
};

describe('a run that stops for its plans', () => {
  it('asks what a replay asks, in the same state, and comes to the same plans', () => {
    let requests = 0;
    let replans = 0;
    const reactive = {
      volatility_spike_enabled: true,
      drawdown_replan_enabled: true,
      support_break_enabled: true,
      min_replan_interval_minutes: 30,
    };
    fc.assert(
      fc.property(generatedRuns({ min: 60, max: 200 }), (generated) => {
        const input = { ...generated, settings: { ...generated.settings, ...reactive } };
        const asked: ReplanRequest[] = [];
        const whole = replayOf(input, {
          kind: 'planner',
          planner: (request) => {
            asked.push(request);
            return answerOf(input.plan, asked.length - 1);
          },
        });

        const driven = drive(input, (_, index) => answerOf(input.plan, index));

        expect(driven.requests).toEqual(asked);
        expect(driven.timeline).toEqual(whole.plans.slice(1).map(({ from, plan }) => ({ from, plan })));
        const equityAt = new Map(Array.from(whole.timesMs, (timeMs, index) => [timeMs, whole.equity[index]]));
        const barMs = TIMEFRAME_MS[input.timeframes[0]];
        expect(driven.equities).toEqual(driven.requests.map(({ time }) => equityAt.get(time - barMs)));
        const followedAt = (openMs: number) => whole.plans.findLast(({ from }) => from <= openMs);
        expect(driven.inForce).toEqual(
          driven.requests.map(({ time }) => [followedAt(time - barMs)?.from, followedAt(time - barMs)?.plan.rationale]),
        );
        requests += asked.length;
        replans += driven.timeline.length;
      }),
      { seed: 7, numRuns: 25 },
    );
    expect(requests).toBeGreaterThan(100);
    expect(replans).toBeGreaterThan(50);
  });

  it('replays its timeline to the same trades as a planner would have brought', () => {
    const input = inputOf({
      bars: { 'BTC-USD': randomWalk({ seed: 5, barCount: 900 }) },
      triggers: [triggerWith({ entry: 'rsi crosses_below 45', exit: 'rsi > 52' })],
    });
    const { timeline } = drive(input, (_, index) => answerOf(input.plan, index));
    const frozen = backtest(input, () => {}, { kind: 'frozen', timeline });
    let count = 0;
    const planned = backtest(input, () => {}, { kind: 'planner', planner: () => answerOf(input.plan, count++) });

    expect(frozen.trades.length).toBeGreaterThan(5);
    expect(frozen.trades).toEqual(planned.trades);
    expect(frozen.equity).toEqual(planned.equity);
    expect(timeline.length).toBeGreaterThan(3);
  });

  it('asks on the very bar of the condition, and follows the answer from the next bar on', () => {
    const rows = Array.from({ length: 120 }, (_, bar) => still(bar === 100 ? 80 : 100, bar === 101 ? 1 : 0));
    const input = inputOf({
      bars: { 'BTC-USD': barsFromRows(rows) },
      triggers: [],
      plan: { stance: 'wait', levels: { 'BTC-USD': { support: [90], resistance: [] } } },
      settings: { support_break_enabled: true, scheduled_hours: [] },
    });

    const { requests, timeline } = drive(input, () => planWith([triggerWith()]));

    expect(requests).toEqual([
      { time: closeMs(100), trigger_type: 'support_break', symbol: 'BTC-USD', trigger_details: { close: 80, level: 90 } },
    ]);
    expect(timeline.map(({ from }) => from)).toEqual([closeMs(100)]);
  });

  it('ends a plan at the first bar from its end on, unless another came before, and replays the same', () => {
    const input = inputOf({
      bars: { 'BTC-USD': randomWalk({ seed: 5, barCount: 700 }) },
      triggers: [triggerWith({ entry: 'rsi crosses_below 45', exit: 'rsi > 52' })],
      settings: { scheduled_hours: [0, 8, 16] },
    });
    const waiting = planWith([], { stance: 'wait', rationale: 'Waits.' });
    const HOUR_MS = 3_600_000;
    const asking = replayAsking(plannedRun(input));
    const ended: [number, string][] = [];
    const asked: number[] = [];
    let step = asking.next();
    while (step.done !== true) {
      const open = step.value;
      if (open.kind === 'ended') {
        ended.push([open.fromMs, open.inForce.plan.rationale]);
        step = asking.next({ proposed: null, ends: null });
        continue;
      }
      asked.push(open.request.time);
      const atMs = open.request.time + (asked.length === 1 ? 3.1 : 20) * HOUR_MS;
      const proposed = asked.length === 4 ? input.plan : null;
      step = asking.next({ proposed, ends: proposed === null ? { atMs, after: waiting } : null });
    }

    const [first = 0] = asked;
    const barMs = TIMEFRAME_MS[input.timeframes[0]];
    const next = Math.ceil((first + 3.1 * HOUR_MS) / barMs) * barMs;
    expect(ended[0], 'the first bar that opens at the end or later').toEqual([next, planWith([]).rationale]);
    expect(step.value[0]).toMatchObject({ from: next, plan: { stance: 'wait' } });
    expect(asked.length).toBeGreaterThan(4);
    expect(step.value.some(({ from, plan }) => from === asked[3] && (plan as { stance: string }).stance === 'active')).toBe(true);
    const frozen = backtest(input, () => {}, { kind: 'frozen', timeline: step.value });
    expect(frozen.plans.map(({ from }) => from).slice(1)).toEqual(step.value.map(({ from }) => from));
  });

  it('ends at once where nothing is asked', () => {
    const input = inputOf({ bars: { 'BTC-USD': randomWalk({ seed: 1, barCount: 50 }) }, settings: { scheduled_hours: [] } });

    expect(drive(input, () => null)).toEqual({ requests: [], equities: [], inForce: [], timeline: [] });
  });
});

describe('the last bars that have closed', () => {
  it('are those before a close, per symbol, and none before the first', () => {
    const one = barsFromRows([still(1), still(1), still(1)]);
    const { program } = plannedRun(inputOf({ bars: { 'BTC-USD': one, 'ETH-USD': [...one.slice(0, 1), ...one.slice(2)] }, triggers: [] }));

    expect(lastClosedBars(program, closeMs(1))).toEqual([1, 0]);
    expect(lastClosedBars(program, closeMs(2))).toEqual([2, 1]);
    expect(lastClosedBars(program, START_MS)).toEqual([-1, -1]);
  });
});
