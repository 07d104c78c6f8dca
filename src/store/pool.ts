import pg from 'pg';

export type Pool = pg.Pool;

type Options = {
  readonly databaseUrl: string;
  /** Names this process in the server's list of sessions. */
  readonly applicationName: string;
  readonly maxConnections?: number;
  /** Told of a connection that broke while nobody was using it; the pool replaces it by itself. */
  readonly reportError: (error: Error) => void;
};

const CONNECT_MS = 10_000;
const IDLE_MS = 30_000;
const STATEMENT_MS = 60_000;
/** The server ends a statement before; when nothing is heard of it, its connection is given up. */
const ANSWER_MS = STATEMENT_MS + 5_000;
const LOCK_MS = 10_000;
const IDLE_IN_TRANSACTION_MS = 60_000;

/** Connections to the database. Whoever opens the pool ends it. */
export function openPool({ databaseUrl, applicationName, maxConnections = 10, reportError }: Options): Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: applicationName,
    max: maxConnections,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: ANSWER_MS,
    lock_timeout: LOCK_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  // Without a listener a broken idle connection would end the process. Connections end after the pool has: whatever becomes of the server
  // by then is no news.
  pool.on('error', (error) => {
    if (!pool.ended) reportError(error);
  });
  return pool;
}
