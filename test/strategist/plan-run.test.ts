import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/engine/bar.ts';
import { planRun } from '../../src/strategist/plan-run.ts';
import type { AskForPlan, PlanAnswer } from '../../src/strategist/planner.ts';
import { createRulePlanner } from '../../src/strategist/rule-planner.ts';
import { waitingPlan } from '../../src/strategist/waiting-plan.ts';
import { never, sampleRun } from './sample.ts';

const FAILED: PlanAnswer = {
  ...{ plan: null, origin: 'kept', planner: 'of no use', findings: [], troubles: ['nothing came'], cost: null, keepMs: 0 },
};

/** Plans once by rules; later a plan is kept until it is a day old. */
function planningOnce(): AskForPlan {
  const rules = createRulePlanner('test');
  return async (question, signal) => {
    if (question.inForce === null) return rules(question, signal);
    const keepMs = 24 * HOUR_MS - question.inForce.ageMs;
    const waiting = { plan: waitingPlan(question.inForce.plan), dropped: [] };
    return keepMs > 0 ? { ...FAILED, keepMs } : { ...FAILED, plan: waiting, origin: 'none', keepMs: null };
  };
}

describe('a run whose planner fails after the first plan', () => {
  const run = (settings: Parameters<typeof sampleRun>[0]) => {
    const input = sampleRun({ days: 3, ...settings });
    return planRun(input, { ask: planningOnce(), signal: never, onPlan: () => {} }).then((plans) => ({
      ...plans,
      startMs: input.startMs ?? 0,
    }));
  };

  it.each([
    ['asked again just when it is a day old', [0, 8, 16], null],
    ['asked in the middle of the day', [13], { age_hours: 24 }],
  ])('follows it for a day to the bar, then enters nothing: %s', async (_, hours, expired) => {
    const { answers, timeline, startMs } = await run({ settings: { scheduled_hours: hours } });

    const atEnd = answers.find(({ answer }) => answer.origin === 'none');
    expect(atEnd?.request?.time).toBe(startMs + 24 * HOUR_MS);
    expect(atEnd?.request?.trigger_type).toBe(expired === null ? 'scheduled' : 'expired');
    if (expired !== null) {
      expect(atEnd?.request?.trigger_details).toEqual(expired);
      expect(atEnd?.answer).toMatchObject({ planner: 'of no use', troubles: [], cost: null });
    }
    expect(timeline[0]).toMatchObject({ from: startMs + 24 * HOUR_MS, plan: { stance: 'wait', triggers: [] } });
    expect(timeline.every(({ plan }) => (plan as { stance: string }).stance === 'wait')).toBe(true);
    expect(answers.filter(({ answer }) => answer.origin === 'kept').length).toBeGreaterThan(0);
  });

  it('never ends a plan of which nobody asked for another', async () => {
    const { answers, timeline } = await run({ settings: { scheduled_hours: [] } });

    expect(answers).toHaveLength(1);
    expect(timeline).toEqual([]);
  });
});

describe('a run that is halted for good', () => {
  it('asks for no further plan', async () => {
    const rules = createRulePlanner('test');
    const asked: number[] = [];
    const always: AskForPlan = async (question, signal) => {
      asked.push(asked.length);
      const answer = await rules(question, signal);
      const [trigger] = answer.plan?.plan.triggers ?? [];
      const all =
        trigger === undefined ? [] : [{ ...trigger, entry: 'close > 0', exit: null, stop: { kind: 'pct', pct: 90 }, target: null }];
      return { ...answer, plan: answer.plan === null ? null : { dropped: [], plan: { ...answer.plan.plan, triggers: all as never } } };
    };
    const settings = {
      max_portfolio_exposure_pct: 500,
      max_symbol_exposure_pct: 100,
      max_position_risk_pct: 10,
      scheduled_hours: [0, 6, 12, 18],
    };
    const input = sampleRun({ days: 8, movePct: 8, seed: 3, settings });

    const { answers } = await planRun(input, { ask: always, signal: never, onPlan: () => {} });

    expect(answers.length).toBe(asked.length);
    expect(answers.length, 'a run of eight days that goes on asks 32 times').toBeLessThan(20);
  });
});
