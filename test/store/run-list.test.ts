import { beforeAll, describe, expect, it } from 'vitest';
import { countRuns, findRunsByPrefix, listRuns } from '../../src/store/run-list.ts';
import { cancelRun, findRun, finishRun, markRunning, queuePosition } from '../../src/store/runs.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';
import { insertFinishedRun, insertQueuedRun, resultOfAskedRun } from '../support/runs.ts';

const uuid = (prefix: string) => `${prefix}-0000-4000-8000-000000000000`;

describe('the runs of a guild', () => {
  const database = withDatabase();

  beforeAll(async () => {
    await insertFinishedRun(database.pool, { id: uuid('aaaa1111'), guildId: 'g1' });
    await insertQueuedRun(database.pool, { id: uuid('aaaa2222'), guildId: 'g1' });
    await insertQueuedRun(database.pool, { id: uuid('aaaa3333'), guildId: 'g2' });
    await insertQueuedRun(database.pool, { id: uuid('bbbb4444'), guildId: 'g1' });
  });

  it('are listed newest first, with the numbers people compare, and none of others', async () => {
    const runs = await listRuns(database.pool, { guildId: 'g1', offset: 0, limit: 10 });

    expect(runs.map(({ id }) => id.slice(0, 8))).toEqual(['bbbb4444', 'aaaa2222', 'aaaa1111']);
    const { summary } = resultOfAskedRun();
    expect(runs[2]).toEqual({
      id: uuid('aaaa1111'),
      state: 'done',
      symbols: ['BTC-USD'],
      timeframe: '5m',
      createdAtMs: expect.any(Number),
      returnPct: summary.equity_return_pct,
      trades: summary.total_trades,
    });
    expect(runs[0]).toMatchObject({ state: 'queued', returnPct: null, trades: null });
    expect(await listRuns(database.pool, { guildId: 'g1', offset: 2, limit: 10 })).toEqual([runs[2]]);
    expect([await countRuns(database.pool, 'g1'), await countRuns(database.pool, 'g3')]).toEqual([3, 0]);
  });

  it('are found by the beginning of their id, in their guild alone', async () => {
    const find = async (guildId: string, prefix: string) =>
      (await findRunsByPrefix(database.pool, { guildId, prefix, limit: 5 })).map(({ id }) => id.slice(0, 8));

    expect(await find('g1', 'aaaa')).toEqual(['aaaa2222', 'aaaa1111']);
    expect(await find('g1', uuid('aaaa1111'))).toEqual(['aaaa1111']);
    expect(await find('g1', uuid('aaaa3333'))).toEqual([]);
    expect(await find('g2', '%'), 'it is no pattern').toEqual([]);
  });

  it('wait behind those asked for before, of all guilds', async () => {
    const position = (prefix: string) => queuePosition(database.pool, uuid(prefix));

    expect([await position('aaaa2222'), await position('aaaa3333'), await position('bbbb4444')]).toEqual([1, 2, 3]);
    expect(await position('aaaa1111'), 'it has ended').toBeNull();
    await transact(database.pool, (tx) => markRunning(tx, uuid('aaaa2222')));
    expect([await position('aaaa2222'), await position('bbbb4444')]).toEqual([null, 2]);
  });
});

describe('cancelling a run', () => {
  const database = withDatabase();
  const cancel = (id: string, guildId: string, cancelledBy = 'ana') =>
    transact(database.pool, (tx) => cancelRun(tx, { id, guildId, cancelledBy }));

  it('ends it once, by whoever was first', async () => {
    const id = await insertQueuedRun(database.pool, { guildId: 'g1' });

    const answers = await Promise.all(['ana', 'bea', 'cy'].map((who) => cancel(id, 'g1', who)));

    expect(answers.filter(Boolean)).toHaveLength(1);
    const run = await findRun(database.pool, { id, guildId: 'g1' });
    expect(run).toMatchObject({ state: 'cancelled', result: null, error: null, finishedAtMs: expect.any(Number) });
    expect(run?.cancelledBy).toBe(['ana', 'bea', 'cy'][answers.indexOf(true)]);
  });

  it('is not possible from another guild', async () => {
    const id = await insertQueuedRun(database.pool, { guildId: 'g1' });

    expect(await cancel(id, 'g2')).toBe(false);
    expect(await findRun(database.pool, { id, guildId: 'g1' })).toMatchObject({ state: 'queued' });
  });

  it('keeps its worker from beginning or ending it', async () => {
    const id = await insertQueuedRun(database.pool, { guildId: 'g1' });
    await transact(database.pool, (tx) => markRunning(tx, id));
    await cancel(id, 'g1');

    expect(await transact(database.pool, (tx) => markRunning(tx, id))).toBe(false);
    expect(await transact(database.pool, (tx) => finishRun(tx, { id, result: resultOfAskedRun() }))).toBe(false);
    expect(await findRun(database.pool, { id, guildId: 'g1' })).toMatchObject({ state: 'cancelled', result: null });
  });

  it('comes too late for a run that has ended', async () => {
    const id = await insertFinishedRun(database.pool, { guildId: 'g1' });

    expect(await cancel(id, 'g1')).toBe(false);
    expect(await findRun(database.pool, { id, guildId: 'g1' })).toMatchObject({ state: 'done', cancelledBy: null });
  });
});
