import type { Config } from '../config/config.ts';
import { type JobQueue, openJobQueue } from '../jobs/job-queue.ts';
import { migrateQueue, postgresBackend, type QueueBackend } from '../jobs/queue-backend.ts';
import { openEmbeddedServer } from '../store/embedded-server.ts';
import { migrate } from '../store/migrate.ts';
import { openPool, type Pool } from '../store/pool.ts';

/** The store and the queue, open and up to date. */
export type Desk = {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly pool: Pool;
  readonly backend: QueueBackend;
  readonly queue: JobQueue;
  readonly reportError: (error: unknown) => void;
  readonly close: () => Promise<void>;
};

/** Opens the database the environment names, or the embedded one, and brings its schema up to date. */
export async function openDesk(config: Config, reportError: (error: unknown) => void): Promise<Desk> {
  const server =
    config.databaseUrl === null ? await openEmbeddedServer({ dataDir: config.dataDir, xdgDataHome: config.xdgDataHome }) : null;
  const databaseUrl = server?.databaseUrl ?? config.databaseUrl ?? '';
  try {
    await migrate(databaseUrl);
    await migrateQueue(databaseUrl);
  } catch (error) {
    await server?.close();
    throw error;
  }
  const pool = openPool({ databaseUrl, applicationName: 'scalpdesk', reportError });
  const backend = postgresBackend(databaseUrl);
  const queue = openJobQueue({ backend, reportError });
  return {
    config,
    databaseUrl,
    pool,
    backend,
    queue,
    reportError,
    close: async () => {
      await queue.close();
      await pool.end();
      await server?.close();
    },
  };
}
