import { type BackendFactory, createPostgresBackend, type IQueueBackend, runMigrations } from 'bullmq';
import pg from 'pg';

/** Opens what one queue, worker or listener of BullMQ needs. It knows the server itself: BullMQ's `connection` is not looked at. */
export type OpenBackend = BackendFactory<IQueueBackend>;

/** Where the jobs are kept. */
export type QueueBackend = {
  /** For those on whose answer somebody waits: says so at once when the server is away. */
  readonly asking: OpenBackend;
  /** For workers and listeners: waits until the server is back. */
  readonly working: OpenBackend;
};

const CONNECT_MS = 10_000;
const STATEMENT_MS = 60_000;
/** Each queue, worker and listener has its own; they hold one only while a statement runs. */
const MAX_CONNECTIONS = 4;

/** Jobs kept in Postgres, in tables of BullMQ's own that `migrateQueue` has made. */
export function postgresBackend(databaseUrl: string): QueueBackend {
  const url = new URL(databaseUrl);
  // Options inside the address would win over those that lead BullMQ to its schema.
  const options = url.searchParams.get('options');
  url.searchParams.delete('options');
  const connection = {
    connectionString: url.href,
    max: MAX_CONNECTIONS,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    ...(options === null ? {} : { options }),
  };
  const open: OpenBackend = (name, opts, needs) => createPostgresBackend(name, { ...opts, connection }, needs);
  return { asking: open, working: open };
}

/** Makes BullMQ's tables or brings them up to date. Of several processes that start at once one does it and the others wait. */
export async function migrateQueue(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS });
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
}
