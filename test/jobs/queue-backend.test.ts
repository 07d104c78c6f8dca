import { describe, expect, it } from 'vitest';
import { migrateQueue, postgresBackend } from '../../src/jobs/queue-backend.ts';
import { withEmptyDatabase } from '../support/database.ts';

describe('migrateQueue', () => {
  const database = withEmptyDatabase();

  it('makes the tables once when several processes start together, and leaves what is there alone', async () => {
    await Promise.all(Array.from({ length: 5 }, () => migrateQueue(database.databaseUrl)));
    const versions = 'select version from bullmq.migration order by version';
    const { rows: made } = await database.pool.query<{ version: number }>(versions);

    await migrateQueue(database.databaseUrl);
    const { rows: again } = await database.pool.query<{ version: number }>(versions);

    expect(made.map(({ version }) => version)).toEqual(made.map((_, index) => index + 1));
    expect(made.length).toBeGreaterThan(0);
    expect(again).toEqual(made);
  });
});

describe('postgresBackend', () => {
  it('takes options out of the address, where they would hide those of BullMQ', () => {
    const { connection } = postgresBackend('postgres://u:p@db.example/desk?sslmode=require&options=-c%20jit%3Doff');

    expect(connection).toMatchObject({ connectionString: 'postgres://u:p@db.example/desk?sslmode=require', options: '-c jit=off' });
  });
});
