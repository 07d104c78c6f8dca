import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findComparison, finishComparison, readComparedRuns } from '../../src/store/comparisons.ts';
import { findRun } from '../../src/store/runs.ts';
import { transact } from '../../src/store/transaction.ts';
import { askedComparison, insertQueuedComparison, outcomeOf } from '../support/comparisons.ts';
import { withDatabase } from '../support/database.ts';

describe('a stored comparison', () => {
  const database = withDatabase();
  const outcome = outcomeOf();
  const finish = (id: string) => transact(database.pool, (tx) => finishComparison(tx, { id, outcome }));

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
    expect((await findRun(database.pool, { id: baseRunId, guildId: 'g' }))?.result?.evidence?.look_ahead?.verdict).toBe('none_seen');
  });

  it('ends once, and is nobody else’s', async () => {
    const settled = { ...askedComparison, base: { ...askedComparison.base, candleSource: { kind: 'simulated', seed: 1 } as const } };
    const id = await insertQueuedComparison(database.pool, { guildId: 'g', request: settled });

    expect([await finish(id), await finish(id)]).toEqual([true, false]);
    expect(await findComparison(database.pool, { id, guildId: 'other' })).toBeNull();
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
