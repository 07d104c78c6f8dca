import { describe, expect, it } from 'vitest';
import { hashJson } from '../../src/engine/hash.ts';
import type { PlanRecord } from '../../src/engine/plan-record.ts';
import { planNumberAt, planViews } from '../../src/engine/plan-views.ts';
import type { RunResult } from '../../src/engine/result.ts';
import { validatePlan } from '../../src/engine/validate-plan.ts';
import { planWith, triggerWith } from '../support/bars.ts';
import { resultOfAskedRun } from '../support/runs.ts';

const HOUR_MS = 3_600_000;
const { data } = resultOfAskedRun();
const planOf = (id: string) => validatePlan(planWith([triggerWith({ id })]), { symbols: ['BTC-USD'], timeframes: ['5m'] }).plan;
const followed = (hours: number, id: string): RunResult['plans'][number] => ({
  from: data.start + hours * HOUR_MS,
  plan: planOf(id),
  hash: hashJson(planOf(id)),
  dropped: [],
});
const plans = [followed(0, 'a'), followed(8, 'b')];
const suppressed = (hours: number, reason: string) => ({ kind: 'replan_suppressed', time: data.start + hours * HOUR_MS, reason });
const events = [suppressed(8, 'budget'), suppressed(9, 'interval'), suppressed(10, 'interval')];

const record = (hours: number, plan: RunResult['plans'][number] | undefined): PlanRecord => ({
  request: hours === 0 ? null : { time: data.start + hours * HOUR_MS, trigger_type: 'scheduled', symbol: null, trigger_details: {} },
  origin: plan === undefined ? 'kept' : 'model',
  planner: 'test',
  market: { round_trip_cost_pct: 0.1, frames: [] },
  planHash: plan?.hash ?? null,
  dropped: [],
  findings: [],
  troubles: [],
  cost: null,
});

describe('the plans of a run', () => {
  it('are those that it followed where nobody planned it', () => {
    const views = planViews({ plans, data, events: [] }, []);

    expect(views.map(({ plan, before }) => [plan?.triggers[0]?.id, before?.triggers[0]?.id])).toEqual([
      ['a', undefined],
      ['b', 'a'],
    ]);
    expect(views[1]?.inForce).toMatchObject({ fromMs: data.start + 8 * HOUR_MS, untilMs: data.end });
  });

  it('count requests that brought none, each beside the plan that was in force', () => {
    const views = planViews({ plans, data, events }, [
      record(0, plans[0]),
      record(4, undefined),
      record(8, plans[1]),
      record(12, undefined),
    ]);

    expect(views.map(({ plan, before }) => [plan?.triggers[0]?.id, before?.triggers[0]?.id])).toEqual([
      ['a', undefined],
      [undefined, 'a'],
      ['b', 'a'],
      [undefined, 'b'],
    ]);
    expect(views.map(({ inForce }) => inForce?.heldBack ?? null)).toEqual([
      { budget: 1, interval: 0 },
      null,
      { budget: 0, interval: 2 },
      null,
    ]);
  });

  it('are found by a time', () => {
    const views = planViews({ plans, data, events }, []);
    const at = (hours: number) => planNumberAt(views, data.start + hours * HOUR_MS);

    expect([at(-1), at(0), at(7.9), at(8), at(1_000)]).toEqual([1, 1, 1, 2, 2]);
  });
});
