import { beforeAll, describe, expect, it } from 'vitest';
import { REPLAN_TRIGGERS } from '../../src/engine/result.ts';
import { finishComparison } from '../../src/store/comparisons.ts';
import { countReplans, countWalkAways, listReplans, listWalkAways } from '../../src/store/run-events.ts';
import { transact } from '../../src/store/transaction.ts';
import { askedComparison, insertQueuedComparison, outcomeOf } from '../support/comparisons.ts';
import { withDatabase } from '../support/database.ts';
import { insertFinishedRun, insertQueuedRun } from '../support/runs.ts';
import { insertWatchedRun, resultOfWatchedRun } from '../support/watched-run.ts';

const uuid = (prefix: string) => `${prefix}-0000-4000-8000-000000000000`;

describe('what happened in the runs of a guild', () => {
  const database = withDatabase();
  const [older, newer] = [uuid('aaaa1111'), uuid('bbbb1111')];
  const all = { guildId: 'g1', offset: 0, limit: 1_000 };
  const { summary, events } = resultOfWatchedRun();
  const fired = events.filter(({ kind }) => kind === 'replan_requested' || kind === 'replan_suppressed');

  beforeAll(async () => {
    await insertWatchedRun(database.pool, { id: older, guildId: 'g1' });
    await insertFinishedRun(database.pool, { guildId: 'g3' });
    await insertWatchedRun(database.pool, { id: newer, guildId: 'g1' });
    await insertWatchedRun(database.pool, { guildId: 'g2' });
    await insertQueuedRun(database.pool, { guildId: 'g1' });
  });

  it('is every walk-away with what carrying on would have brought, of the newest run first and of a run the latest first', async () => {
    const walkAways = await listWalkAways(database.pool, all);

    expect(summary.walk_away_events, 'there is something to list').toHaveLength(3);
    expect(walkAways).toEqual(
      [newer, older].flatMap((runId) =>
        summary.walk_away_events.toReversed().map((event) => ({
          runId,
          symbols: ['BTC-USD'],
          timeframe: '5m',
          atMs: event.timestamp,
          trigger: event.trigger,
          dailyReturnPct: event.daily_return_pct,
          tradesToday: event.trades_today,
          counterfactualPct: event.counterfactual_return_pct,
        })),
      ),
    );
    for (const offset of [2, 4]) {
      expect(await listWalkAways(database.pool, { ...all, offset, limit: 2 })).toEqual(walkAways.slice(offset, offset + 2));
    }
    expect(await countWalkAways(database.pool, 'g1')).toBe(6);
  });

  it('is every plan that was asked for or held back, with its numbers', async () => {
    const replans = await listReplans(database.pool, { ...all, trigger: null });

    expect(new Set(fired.map(({ trigger_type }) => trigger_type)), 'each of them fired').toEqual(new Set(REPLAN_TRIGGERS));
    expect(replans).toEqual(
      [newer, older].flatMap((runId) =>
        fired.toReversed().map(({ time, trigger_type, symbol, trigger_details, reason }) => ({
          runId,
          symbols: ['BTC-USD'],
          timeframe: '5m',
          atMs: time,
          trigger: trigger_type,
          symbol,
          details: trigger_details,
          heldBackBy: reason ?? null,
        })),
      ),
    );
    const drawdowns = replans.filter(({ trigger }) => trigger === 'drawdown');
    const pages = [
      { of: replans, trigger: null, offset: fired.length - 2, limit: 4 },
      { of: replans, trigger: null, offset: fired.length + 2, limit: 4 },
      { of: replans, trigger: null, offset: replans.length, limit: 4 },
      { of: drawdowns, trigger: 'drawdown', offset: drawdowns.length - 1, limit: 4 },
    ] as const;
    for (const { of, trigger, offset, limit } of pages) {
      const page = await listReplans(database.pool, { guildId: 'g1', trigger, offset, limit });
      expect(page, `${limit} of ${trigger ?? 'all'} from ${offset} on`).toEqual(of.slice(offset, offset + limit));
    }
  });

  it('is counted trigger by trigger', async () => {
    const counts = await countReplans(database.pool, 'g1');

    const count = (trigger: string, kind: string) =>
      2 * fired.filter((event) => event.trigger_type === trigger && event.kind === kind).length;
    expect(new Map(counts.map(({ trigger, ...rest }) => [trigger, rest]))).toEqual(
      new Map(
        REPLAN_TRIGGERS.map((trigger) => [
          trigger,
          { requested: count(trigger, 'replan_requested'), suppressed: count(trigger, 'replan_suppressed') },
        ]),
      ),
    );
  });

  it('is of the runs of a comparison too, the base and every variant', async () => {
    const watched = resultOfWatchedRun();
    const quiet = { ...watched, events: [], summary: { ...summary, walk_away_events: [] } };
    const outcome = { ...outcomeOf(), base: watched, variants: [quiet, watched] };
    const settled = { ...askedComparison, base: { ...askedComparison.base, candleSource: { kind: 'simulated', seed: 1 } as const } };
    const id = await insertQueuedComparison(database.pool, { guildId: 'g5', request: settled });

    await transact(database.pool, (tx) => finishComparison(tx, { id, outcome, records: [] }));

    expect(await countWalkAways(database.pool, 'g5')).toBe(6);
    expect(await listWalkAways(database.pool, { ...all, guildId: 'g5' })).toHaveLength(6);
    const counts = await countReplans(database.pool, 'g5');
    expect(counts.reduce((sum, { requested, suppressed }) => sum + requested + suppressed, 0)).toBe(2 * fired.length);
    expect(await listReplans(database.pool, { ...all, guildId: 'g5', trigger: null })).toHaveLength(2 * fired.length);
  });

  it('is nothing where nothing happened', async () => {
    expect([await countWalkAways(database.pool, 'g3'), await countWalkAways(database.pool, 'g4')]).toEqual([0, 0]);
    expect(await countReplans(database.pool, 'g4')).toEqual([]);
  });
});
