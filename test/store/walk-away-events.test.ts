import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/engine/result.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Pool } from '../../src/store/pool.ts';
import { countReplans, countWalkAways, listReplans, listWalkAways } from '../../src/store/run-events.ts';
import { finishRun } from '../../src/store/runs.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase, withEmptyDatabase } from '../support/database.ts';
import { insertQueuedRun } from '../support/runs.ts';
import { insertWatchedRun, resultOfWatchedRun } from '../support/watched-run.ts';

const readRows = async (pool: Pool, runId: string) =>
  (await pool.query('select * from walk_away_events where run_id = $1 order by ordinal', [runId])).rows;

describe('the days a run walked away from', () => {
  const database = withDatabase();
  const result = resultOfWatchedRun();
  const [first, ...others] = result.summary.walk_away_events;
  if (first === undefined) throw new Error('The watched run walks away');
  const unfinished = { ...first, counterfactual_return_pct: null };

  it('are rows of their own, in the order of the run, a day that goes on without an end', async () => {
    const runId = await insertQueuedRun(database.pool);
    const events = [...others, unfinished];

    await transact(database.pool, (tx) =>
      finishRun(tx, { id: runId, result: { ...result, summary: { ...result.summary, walk_away_events: events } } }),
    );

    expect(await readRows(database.pool, runId)).toEqual(
      events.map(({ timestamp, trigger, ...told }, ordinal) => ({
        ...told,
        id: expect.stringMatching(/^\d+$/),
        run_id: runId,
        ordinal,
        session_id: runId,
        triggered_at: new Date(timestamp),
        trigger_type: trigger,
      })),
    );
  });

  it('are written with the result that ends the run, and with no later one', async () => {
    const runId = await insertWatchedRun(database.pool);
    const written = await readRows(database.pool, runId);

    expect(await transact(database.pool, (tx) => finishRun(tx, { id: runId, result }))).toBe(false);
    expect(await readRows(database.pool, runId)).toEqual(written);
  });

  it('go with their run', async () => {
    const runId = await insertWatchedRun(database.pool);

    await database.pool.query('delete from runs where id = $1', [runId]);

    expect(await readRows(database.pool, runId)).toEqual([]);
  });
});

describe('results from before there were rows of walk-aways', () => {
  const database = withEmptyDatabase();
  const result = resultOfWatchedRun();
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'migrations-'));
    await cp('migrations', dir, { recursive: true, filter: (path) => !/00(1[5-9]|[2-9]\d)_/.test(path) });
  });
  afterAll(() => rm(dir, { recursive: true }));

  async function insertOld(guildId: string, { equity: _, ...rest }: RunResult): Promise<string> {
    const id = await insertQueuedRun(database.pool, { guildId });
    await database.pool.query(
      `update runs
          set state = 'done', finished_at = now(), input_hash = 'in', result_hash = 'out', engine_version = '1', result = $2, equity = ''
        where id = $1`,
      [id, JSON.stringify(rest)],
    );
    return id;
  }

  it('are told of like those that came after', async () => {
    const { pool } = database;
    await migrate(database.databaseUrl, dir);
    const old = await insertOld('old', result);
    const quiet = await insertOld('quiet', { ...result, events: [], summary: { ...result.summary, walk_away_events: [] } });
    const waiting = await insertQueuedRun(pool, { guildId: 'quiet' });
    await pool.query(
      `insert into replan_events (run_id, ordinal, triggered_at, trigger_type, trigger_details, origin, planner, market, plan_hash, dropped, findings, troubles)
       values ($1, 0, now(), 'first_plan', '{}', 'rules', 'rule-based', '{}', repeat('a', 64), '[]', '[]', '[]')`,
      [quiet],
    );

    await migrate(database.databaseUrl);
    const recent = await insertWatchedRun(pool, { guildId: 'recent' });

    const historyOf = async (guildId: string) => {
      const all = { guildId, offset: 0, limit: 1_000 };
      const walkAways = await listWalkAways(pool, all);
      const replans = await listReplans(pool, { ...all, trigger: null });
      const counts = (await countReplans(pool, guildId)).toSorted((one, other) => one.trigger.localeCompare(other.trigger));
      return { walkAways: walkAways.map(withoutRun), replans: replans.map(withoutRun), counts, days: await countWalkAways(pool, guildId) };
    };
    const told = await historyOf('recent');
    expect(told.days, 'there is something to tell').toBe(result.summary.walk_away_events.length);
    expect(await historyOf('old')).toEqual(told);
    expect(await historyOf('quiet')).toEqual({ walkAways: [], replans: [], counts: [], days: 0 });
    expect((await readRows(pool, old)).map(withoutIds)).toEqual((await readRows(pool, recent)).map(withoutIds));
    expect((await pool.query('select run_id, session_id from replan_events')).rows).toEqual([{ run_id: quiet, session_id: quiet }]);
    expect(await transact(pool, (tx) => finishRun(tx, { id: waiting, result })), 'what waited goes on').toBe(true);
  });
});

const withoutRun = <T extends { readonly runId: string }>({ runId: _, ...told }: T) => told;

const withoutIds = ({ id: _, run_id: __, session_id: ___, ...told }: Record<string, unknown>) => told;
