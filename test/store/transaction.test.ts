import { beforeAll, describe, expect, it } from 'vitest';
import { openPool } from '../../src/store/pool.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';

describe('transact', () => {
  const database = withDatabase();
  beforeAll(() => database.pool.query('create table notes (text text)'));

  const notes = async () => (await database.pool.query('select text from notes order by text')).rows.map(({ text }) => text);
  const backendOf = async (db: { query: (sql: string) => Promise<{ rows: { pid: number }[] }> }) =>
    (await db.query('select pg_backend_pid() as pid')).rows[0]?.pid;

  it('commits what the work wrote and returns its result', async () => {
    const result = await transact(database.pool, async (tx) => {
      await tx.query(`insert into notes values ('kept')`);
      return 7;
    });

    expect(result).toBe(7);
    expect(await notes()).toEqual(['kept']);
  });

  it('keeps nothing of work that throws, and throws the same error', async () => {
    const broken = new Error('changed my mind');

    const outcome = transact(database.pool, async (tx) => {
      await tx.query(`insert into notes values ('dropped')`);
      throw broken;
    });

    await expect(outcome).rejects.toBe(broken);
    expect(await notes()).toEqual(['kept']);
  });

  it('does not call it a commit when the work hid the failure of a statement', async () => {
    const outcome = transact(database.pool, async (tx) => {
      await tx.query(`insert into notes values ('lost')`);
      await tx.query('select 1 / 0').catch(() => null);
    });

    await expect(outcome).rejects.toThrow('The transaction was rolled back');
    expect(await notes()).toEqual(['kept']);
  });

  it('throws the first error, and gives up the connection, when the rollback fails too', async () => {
    const reported: Error[] = [];
    const pool = openPool({
      databaseUrl: database.databaseUrl,
      applicationName: 'one connection',
      maxConnections: 1,
      reportError: (error) => reported.push(error),
    });

    const outcome = transact(pool, async (tx) => {
      const pid = await backendOf(tx);
      await Promise.all([tx.query('select pg_sleep(60)'), database.pool.query('select pg_terminate_backend($1)', [pid])]);
    });

    await expect(outcome).rejects.toThrow('terminating connection due to administrator command');
    expect((await pool.query('select 1 as one')).rows, 'a new connection takes the place of the broken one').toEqual([{ one: 1 }]);
    await pool.end();
  });

  it('outlives a connection that is lost while the work does something else', async () => {
    const outcome = transact(database.pool, async (tx) => {
      const pid = await backendOf(tx);
      await database.pool.query('select pg_terminate_backend($1)', [pid]);
      while ((await database.pool.query('select from pg_stat_activity where pid = $1', [pid])).rowCount !== 0);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return 'never committed';
    });

    await expect(outcome).rejects.toThrow();
  });
});

describe('openPool', () => {
  const database = withDatabase();

  it('reports an idle connection that broke and goes on with another', async () => {
    const reported: Error[] = [];
    let report = () => {};
    const wasReported = new Promise<void>((resolve) => {
      report = resolve;
    });
    const pool = openPool({
      databaseUrl: database.databaseUrl,
      applicationName: 'desk under test',
      reportError: (error) => {
        reported.push(error);
        report();
      },
    });
    await pool.query('select 1');

    await database.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'desk under test'`);
    await wasReported;

    expect(reported.map(({ message }) => message)).toEqual(['terminating connection due to administrator command']);
    expect((await pool.query('show application_name')).rows).toEqual([{ application_name: 'desk under test' }]);
    await pool.end();
  });
});
