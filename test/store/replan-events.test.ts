import { describe, expect, it } from 'vitest';
import { hashJson } from '../../src/engine/hash.ts';
import type { PlanRecord } from '../../src/engine/plan-record.ts';
import { insertReplanEvents, listReplanEvents } from '../../src/store/replan-events.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';
import { insertQueuedRun } from '../support/runs.ts';

const START_MS = Date.UTC(2025, 9, 1);
const FIRST: PlanRecord = {
  request: null,
  origin: 'rules',
  planner: 'rule-based (no OPENAI_API_KEY)',
  market: { round_trip_cost_pct: 0.24, frames: [{ symbol: 'BTC-USD', timeframe: '5m', close: 99.5, atr_pct: null }] },
  planHash: hashJson('first'),
  dropped: [],
  findings: [],
  troubles: [],
  cost: null,
};
const LATER: PlanRecord = {
  market: FIRST.market,
  request: { time: START_MS + 1, trigger_type: 'drawdown', symbol: null, trigger_details: { equity: 9_500, drawdown_pct: 5.25 } },
  origin: 'model',
  planner: 'gpt',
  planHash: hashJson('later'),
  dropped: [{ id: 'a', reason: 'timeframe 1d is not in the run' }],
  findings: [{ trigger_id: 'b', symbol: 'BTC-USD', rule: 'entry', text: 'close > 0', finding: 'always', bars: 1_000 }],
  troubles: ['with a \0 in it'],
  cost: {
    usage: { input: 5_000, cached_input: 4_000, output: 600, reasoning: 200 },
    usd: 0.0042,
    paidUsd: 0.0021,
    pricesAsOf: '2026-11-22',
    calls: 1,
  },
};
const KEPT: PlanRecord = {
  ...LATER,
  origin: 'kept',
  planHash: null,
  cost: { usage: { input: 0, cached_input: 0, output: 0, reasoning: 0 }, usd: null, paidUsd: null, pricesAsOf: null, calls: 2 },
};

describe('who planned a run', () => {
  const database = withDatabase();

  it('comes back as it was, in the order of the run', async () => {
    const runId = await insertQueuedRun(database.pool);
    await transact(database.pool, (tx) => insertReplanEvents(tx, { runId, startMs: START_MS, records: [FIRST, LATER, KEPT] }));

    expect(await listReplanEvents(database.pool, runId)).toEqual([
      FIRST,
      { ...LATER, troubles: ['with a \uFFFD in it'] },
      { ...KEPT, troubles: ['with a \uFFFD in it'] },
    ]);
  });

  it('is written once', async () => {
    const runId = await insertQueuedRun(database.pool);
    const write = () => transact(database.pool, (tx) => insertReplanEvents(tx, { runId, startMs: START_MS, records: [FIRST] }));
    await write();

    await expect(write()).rejects.toThrow(/replan_events_pkey/);
    expect(await listReplanEvents(database.pool, runId)).toHaveLength(1);
  });

  it('goes with its run', async () => {
    const runId = await insertQueuedRun(database.pool);
    await transact(database.pool, (tx) => insertReplanEvents(tx, { runId, startMs: START_MS, records: [FIRST] }));

    await database.pool.query('delete from runs where id = $1', [runId]);

    expect(await listReplanEvents(database.pool, runId)).toEqual([]);
  });
});
