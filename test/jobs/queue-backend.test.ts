import { describe, expect, it } from 'vitest';
import { openJobQueue } from '../../src/jobs/job-queue.ts';
import { migrateQueue, postgresBackend } from '../../src/jobs/queue-backend.ts';
import { withEmptyDatabase } from '../support/database.ts';
import { workJob } from './work.job.ts';

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
  const database = withEmptyDatabase();

  it('finds its tables although the address carries options of its own', async () => {
    await migrateQueue(database.databaseUrl);
    const errors: unknown[] = [];
    const backend = postgresBackend(`${database.databaseUrl}?options=-c%20statement_timeout%3D1234`);
    const queue = openJobQueue({ backend, reportError: (error) => errors.push(error) });

    await queue.enqueue(workJob, { workId: 'one' });
    await queue.close();

    const { rows } = await database.pool.query('select id from bullmq.job');
    expect(rows).toEqual([{ id: 'work-one' }]);
    expect(errors).toEqual([]);
  });
});
