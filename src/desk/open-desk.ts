import type { Config } from '../config/config.ts';
import { type JobQueue, openJobQueue } from '../jobs/job-queue.ts';
import { openBackend } from '../jobs/open-backend.ts';
import type { QueueBackend } from '../jobs/queue-backend.ts';
import type { Facts } from '../ops/log.ts';
import { createMetrics, type Metrics } from '../ops/metrics.ts';
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
  readonly reportError: ReportError;
  /** Told what is worth knowing and no error. */
  readonly note: (message: string) => void;
  /** Where what the desk does is counted. */
  readonly metrics: Metrics;
  readonly close: () => Promise<void>;
};

/** The facts say what the error is about. */
export type ReportError = (error: unknown, facts?: Facts) => void;

/** Opens the database the environment names, or the embedded one, and brings its schema up to date. */
export async function openDesk(
  config: Config,
  reportError: ReportError,
  { metrics = createMetrics(), note = () => {} }: Partial<Pick<Desk, 'metrics' | 'note'>> = {},
): Promise<Desk> {
  const server =
    config.databaseUrl === null ? await openEmbeddedServer({ dataDir: config.dataDir, xdgDataHome: config.xdgDataHome }) : null;
  const databaseUrl = server?.databaseUrl ?? config.databaseUrl ?? '';
  let backend: QueueBackend;
  try {
    await migrate(databaseUrl);
    backend = await openBackend({ databaseUrl, redisUrl: config.redisUrl, reportError });
  } catch (error) {
    await server?.close();
    throw error;
  }
  const pool = openPool({ databaseUrl, applicationName: 'scalpdesk', reportError: (error) => reportError(error) });
  const queue = openJobQueue({ backend, reportError });
  return {
    config,
    databaseUrl,
    pool,
    backend,
    queue,
    reportError,
    note,
    metrics,
    close: async () => {
      await queue.close();
      await pool.end();
      await server?.close();
    },
  };
}
