import pg from 'pg';
import { withoutCommand } from './driver-error.ts';
import { migrateQueue, postgresBackend, type QueueBackend } from './queue-backend.ts';
import { findRedisFaults, redisBackend } from './redis-backend.ts';

type Options = {
  readonly databaseUrl: string;
  /** Null keeps the jobs in the database. */
  readonly redisUrl: string | null;
  /** Told what is wrong with this Redis; the desk opens all the same. */
  readonly reportError: (error: unknown) => void;
};

/** Where the jobs of a desk are kept, ready for use. */
export async function openBackend({ databaseUrl, redisUrl, reportError }: Options): Promise<QueueBackend> {
  if (redisUrl === null) {
    await migrateQueue(databaseUrl);
    return postgresBackend(databaseUrl);
  }
  try {
    for (const fault of await findRedisFaults(redisUrl)) reportError(new Error(fault));
  } catch (error) {
    reportError(
      new Error('Redis does not answer; commands that need the queue are refused until it does', { cause: withoutCommand(error) }),
    );
  }
  return redisBackend({ redisUrl, desk: await findDesk(databaseUrl) });
}

const CONNECT_MS = 10_000;

/** A desk is its database, whatever name its host goes by. */
export async function findDesk(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS });
  await client.connect();
  try {
    const { rows } = await client.query<{ desk: string }>(
      `select system_identifier || '-' || oid as desk
         from pg_control_system(), pg_database
        where datname = current_database()`,
    );
    if (rows[0] === undefined) throw new Error('The database does not find itself in its own catalogue.');
    return rows[0].desk;
  } finally {
    await client.end();
  }
}
