import { describe, expect, it } from 'vitest';
import type { PlanRecord } from '../../src/engine/plan-record.ts';
import { costText, planningText } from '../../src/render/planning.ts';

const USAGE = { input: 15_000, cached_input: 12_000, output: 1_800, reasoning: 600 };
const COST = { usage: USAGE, usd: 0.0252, paidUsd: 0.0252, pricesAsOf: '2026-11-22', calls: 3 };
const RECORD: PlanRecord = {
  request: null,
  origin: 'model',
  planner: 'gpt, conservative 12345678',
  market: { round_trip_cost_pct: 0.1, frames: [] },
  planHash: null,
  dropped: [],
  findings: [],
  troubles: [],
  cost: COST,
};
const FAILED: PlanRecord = { ...RECORD, origin: 'kept', troubles: ['The model’s server answered 503: *Down*', 'more'], cost: null };
const linesOf = (records: readonly PlanRecord[]) => planningText({ records, mayBeSeen: false, baseRunId: null }).split('\n');

describe('what a plan cost', () => {
  it.each([
    ['all of it', COST, '0.0252 USD · 3 calls · prices of 2026-11-22'],
    ['a part of it', { ...COST, paidUsd: 0.0126 }, '0.0252 USD, of it 0.0126 paid this time · 3 calls · prices of 2026-11-22'],
    ['nothing', { ...COST, paidUsd: 0, calls: 0 }, '0.0252 USD · all of it on record: nothing was paid this time · prices of 2026-11-22'],
    ['what was not written down', { ...COST, paidUsd: null, pricesAsOf: null }, '0.0252 USD · 3 calls'],
    ['what has no price', { ...COST, usd: null, paidUsd: null, pricesAsOf: null, calls: 1 }, 'price not known · 1 call'],
  ])('says when %s was paid now', (_, cost, said) => expect(costText(cost)).toBe(`15,000 tokens in (12,000 cached), 1,800 out · ${said}`));
});

describe('who planned a run', () => {
  it('says first and aloud how often there was no usable answer, and why at first', () => {
    const lines = linesOf([RECORD, FAILED, { ...FAILED, origin: 'none', troubles: ['not asked'] }]);

    expect(lines.slice(0, 2)).toEqual([
      '**No usable answer for 2 of 3 plans**; first: The model’s server answered 503: \\*Down\\*',
      'planner: gpt, conservative 12345678',
    ]);
  });

  it('says nothing of the kind where every plan came', () => expect(linesOf([RECORD])[0]).toBe('planner: gpt, conservative 12345678'));

  it('does not count a plan that only became too old among those that were asked for', () => {
    const request = { time: 0, trigger_type: 'expired', symbol: null, trigger_details: { age_hours: 24 } } as const;
    const lines = linesOf([RECORD, FAILED, { ...FAILED, origin: 'none', request, troubles: [] }]);

    expect(lines[0]).toMatch(/^\*\*No usable answer for 1 of 2 plans\*\*/);
    expect(lines[2]).toMatch(
      /1 asked for by the market, 1 × no usable answer, the plan before went on, 1 × the plan that went on became too/,
    );
  });

  it('adds up what was paid', () => {
    const [, , cost] = linesOf([RECORD, { ...RECORD, cost: { ...COST, paidUsd: 0, calls: 0 } }]);

    expect(cost).toContain('0.0504 USD, of it 0.0252 paid this time · 3 calls');
  });
});
