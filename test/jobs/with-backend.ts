import { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { findDesk, openBackend } from '../../src/jobs/open-backend.ts';
import type { QueueBackend } from '../../src/jobs/queue-backend.ts';
import { prefixOf } from '../../src/jobs/redis-backend.ts';
import { type TestDatabase, withDatabase } from '../support/database.ts';
import { REDIS_MISSING, type TestRedis, withRedis } from '../support/redis.ts';
import { workJob } from './work.job.ts';

export type BackendKind = 'postgres' | 'redis';

/** Defines the same tests on both backends. */
export function describeOnBackends(title: string, define: (kind: BackendKind) => void): void {
  describe(`${title}, on postgres`, () => define('postgres'));
  describeOnRedis(`${title}, on redis`, () => define('redis'));
}

/** Without a redis-server the tests are skipped, but not in CI. */
export function describeOnRedis(title: string, define: () => void): void {
  if (REDIS_MISSING === null || process.env.CI === 'true') describe(title, define);
  else it.skip(`${title}: ${REDIS_MISSING}`, () => {});
}

/** A backend of its own for the tests, and what can befall it. */
export type TestBackend = {
  readonly database: TestDatabase;
  /** Null on Postgres. */
  readonly redis: TestRedis | null;
  readonly redisUrl: () => string | null;
  readonly backend: () => QueueBackend;
  /** BullMQ's own view of the queue of the contract `workJob`. */
  readonly bull: () => Bull;
  /** Null when the queue does not know the job. */
  readonly stateOf: (jobId: string) => Promise<string | null>;
  readonly setStalls: (jobId: string, stalls: number) => Promise<unknown>;
  /** Gives the lock of a running job to another worker. */
  readonly stealLock: (jobId: string) => Promise<unknown>;
  /** Removes a job, whoever holds it. */
  readonly forget: (jobId: string) => Promise<unknown>;
  readonly cutConnections: () => Promise<unknown>;
  /** Takes away everything the queue knows. */
  readonly empty: () => Promise<unknown>;
};

type Bull = ReturnType<typeof openBull>;

const openBull = (name: string, { asking }: QueueBackend) => new Queue(name, { connection: {} }, asking).on('error', () => {});

type Faults = Pick<TestBackend, 'setStalls' | 'stealLock' | 'forget' | 'cutConnections' | 'empty'>;

export function withBackend(kind: BackendKind, queueName: string = workJob.name): TestBackend {
  const database = withDatabase();
  const redis = kind === 'redis' ? withRedis() : null;
  let opened: { readonly backend: QueueBackend; readonly bull: Bull; readonly faults: Faults } | null = null;
  const get = () => {
    if (opened === null) throw new Error('The backend is there inside tests and hooks, not before.');
    return opened;
  };
  const reportError = (error: unknown) => {
    throw error;
  };

  beforeAll(async () => {
    const { databaseUrl } = database;
    const backend = await openBackend({ databaseUrl, redisUrl: redis?.url ?? null, reportError });
    const bull = openBull(queueName, backend);
    await bull.waitUntilReady();
    const faults = redis === null ? postgresFaults(database) : redisFaults(redis, `${prefixOf(await findDesk(databaseUrl))}:${queueName}`);
    opened = { backend, bull, faults };
  });
  afterAll(async () => {
    await opened?.bull.getBackend().close(true);
    await opened?.bull.close();
  });

  return {
    database,
    redis,
    redisUrl: () => redis?.url ?? null,
    backend: () => get().backend,
    bull: () => get().bull,
    stateOf: async (jobId) => {
      const state = await get().bull.getJobState(jobId);
      return state === 'unknown' ? null : state;
    },
    setStalls: (...args) => get().faults.setStalls(...args),
    stealLock: (jobId) => get().faults.stealLock(jobId),
    forget: (jobId) => get().faults.forget(jobId),
    cutConnections: () => get().faults.cutConnections(),
    empty: () => get().faults.empty(),
  };
}

function postgresFaults({ pool }: TestDatabase): Faults {
  const query = (text: string, values: unknown[] = []) => pool.query(text, values);
  return {
    setStalls: (jobId, stalls) => query('update bullmq.job set stalled_count = $2 where id = $1', [jobId, stalls]),
    stealLock: (jobId) => query(`update bullmq.job set lock_token = 'of another' where id = $1`, [jobId]),
    forget: (jobId) => query('delete from bullmq.job where id = $1', [jobId]),
    cutConnections: () =>
      query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'),
    empty: async () => {
      const { rows } = await pool.query<{ tables: string }>(
        `select string_agg(format('bullmq.%I', tablename), ', ') as tables
           from pg_tables
          where schemaname = 'bullmq' and tablename <> 'migration'`,
      );
      return query(`truncate ${rows[0]?.tables} cascade`);
    },
  };
}

function redisFaults({ client }: TestRedis, queueKey: string): Faults {
  const keyOf = (jobId: string) => `${queueKey}:${jobId}`;
  return {
    setStalls: (jobId, stalls) => client().hset(keyOf(jobId), 'stc', stalls),
    stealLock: (jobId) => client().set(`${keyOf(jobId)}:lock`, 'of another'),
    forget: (jobId) =>
      client()
        .multi()
        .lrem(`${queueKey}:active`, 0, jobId)
        .srem(`${queueKey}:stalled`, jobId)
        .zrem(`${queueKey}:completed`, jobId)
        .del(keyOf(jobId), `${keyOf(jobId)}:lock`)
        .exec(),
    cutConnections: () => client().call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
    empty: () => client().flushall(),
  };
}
