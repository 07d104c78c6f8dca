import pg from 'pg';
import type { TestDatabase } from './database.ts';

/** Ends every connection to the database and lets nobody in again, until the returned function is called. */
export async function shutDatabase({ databaseUrl }: Pick<TestDatabase, 'databaseUrl'>): Promise<() => Promise<void>> {
  const url = new URL(databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`alter database ${name} with allow_connections false`);
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  return async () => {
    await client.query(`alter database ${name} with allow_connections true`);
    await client.end();
  };
}
