import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashJson } from '../../src/engine/hash.ts';
import type { PlanRecord } from '../../src/engine/plan-record.ts';
import { findBaseRun, findComparison, findComparisonsByPrefix, finishComparison, readComparedRuns } from '../../src/store/comparisons.ts';
import { listReplanEvents } from '../../src/store/replan-events.ts';
import { findRun } from '../../src/store/runs.ts';
import { transact } from '../../src/store/transaction.ts';
import { askedComparison, insertQueuedComparison, outcomeOf } from '../support/comparisons.ts';
import { withDatabase } from '../support/database.ts';

const PLANNED: PlanRecord = {
  request: null,
  origin: 'rules',
  planner: 'rule-based (as asked)',
  market: { round_trip_cost_pct: 0.24, frames: [] },
  planHash: hashJson('first'),
  dropped: [],
  findings: [],
  troubles: [],
  cost: null,
};

describe('a stored comparison', () => {
  const database = withDatabase();
  const outcome = outcomeOf();
  const finish = (id: string) => transact(database.pool, (tx) => finishComparison(tx, { id, outcome, records: [PLANNED] }));

  it('ends with its runs, each a run of its own under the id it was given', async () => {
    const baseRunId = randomUUID();
    const variantRunIds = [randomUUID(), randomUUID()];
    const settled = { ...askedComparison, base: { ...askedComparison.base, candleSource: { kind: 'simulated', seed: 1 } as const } };
    const id = await insertQueuedComparison(database.pool, { guildId: 'g', baseRunId, variantRunIds, request: settled });

    expect(await finish(id)).toBe(true);

    const found = await findComparison(database.pool, { id, guildId: 'g' });
    expect(found).toMatchObject({ state: 'done', baseRunId, variantRunIds, labels: ['1×', '3×'], request: settled });
    expect(found?.result).toEqual(JSON.parse(JSON.stringify({ summary: outcome.summary, ladder: outcome.ladder, notes: outcome.notes })));
    for (const [index, runId] of variantRunIds.entries()) {
      const run = await findRun(database.pool, { id: runId, guildId: 'g' });
      expect(run?.state).toBe('done');
      expect(run?.result?.result_hash).toBe(outcome.variants[index]?.result_hash);
      expect(run?.result?.evidence).toEqual(outcome.variants[index]?.evidence);
      expect(run?.request).toMatchObject({ settings: { max_portfolio_exposure_pct: [100, 300][index] } });
    }
    expect(await listReplanEvents(database.pool, baseRunId), 'the base was planned, and the variants follow it').toEqual([PLANNED]);
    expect(await listReplanEvents(database.pool, variantRunIds[1] ?? '')).toEqual([]);
    expect(await findBaseRun(database.pool, variantRunIds[1] ?? '')).toBe(baseRunId);
    expect(await findBaseRun(database.pool, baseRunId)).toBeNull();
    expect((await findRun(database.pool, { id: baseRunId, guildId: 'g' }))?.result?.evidence?.look_ahead?.verdict).toBe('none_seen');
  });

  it('ends once, and is nobody else’s', async () => {
    const settled = { ...askedComparison, base: { ...askedComparison.base, candleSource: { kind: 'simulated', seed: 1 } as const } };
    const id = await insertQueuedComparison(database.pool, { guildId: 'g', request: settled });

    expect([await finish(id), await finish(id)]).toEqual([true, false]);
    expect(await findComparison(database.pool, { id, guildId: 'other' })).toBeNull();
  });

  it('is found by the beginning of its id, in its guild, the newest first', async () => {
    const guildId = 'of-two';
    const [older, newer] = ['aaaabbbb-0000-4000-8000-000000000001', 'aaaabbbb-0000-4000-8000-000000000002'];
    for (const id of [older, newer]) await insertQueuedComparison(database.pool, { id, guildId });
    const ids = async (prefix: string, of = guildId) =>
      (await findComparisonsByPrefix(database.pool, { guildId: of, prefix, limit: 5 })).map(({ id }) => id);

    expect(await ids('aaaabbbb')).toEqual([newer, older]);
    expect(await ids('')).toEqual([newer, older]);
    expect(await ids(older)).toEqual([older]);
    expect(await ids('aaaabbbb', 'other')).toEqual([]);
    expect((await findComparisonsByPrefix(database.pool, { guildId, prefix: newer, limit: 5 }))[0]).toMatchObject({
      ...{ state: 'queued', labels: ['1×', '3×'], symbols: ['BTC-USD'], timeframe: '5m' },
    });
  });

  it('shows of its runs what a comparison shows, and of no other guild’s', async () => {
    const variantRunIds = [randomUUID(), randomUUID()];
    const settled = { ...askedComparison, base: { ...askedComparison.base, candleSource: { kind: 'simulated', seed: 1 } as const } };
    await finish(await insertQueuedComparison(database.pool, { guildId: 'g', variantRunIds, request: settled }));

    const runs = await readComparedRuns(database.pool, { runIds: variantRunIds, guildId: 'g' });
    const shown = runs.get(variantRunIds[1] ?? '');

    const { summary, equity, remarks } = outcome.variants[1] ?? outcome.base;
    expect(shown).toMatchObject({ summary: JSON.parse(JSON.stringify(summary)), equity, remarks, liquidationTimesMs: [] });
    expect(shown).not.toHaveProperty('trades');
    expect(await readComparedRuns(database.pool, { runIds: variantRunIds, guildId: 'other' })).toEqual(new Map());
  });
});
