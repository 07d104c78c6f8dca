import { createRedisBackend, type RedisOptions } from 'bullmq';
import { Redis } from 'ioredis';
import type { OpenBackend, QueueBackend } from './queue-backend.ts';

type Options = {
  readonly redisUrl: string;
  /** Desks that share a Redis keep apart by it; letters, digits and `-`. */
  readonly desk: string;
};

const CONNECT_MS = 5_000;
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 2_000;

/** Jobs kept in Redis. */
export function redisBackend({ redisUrl, desk }: Options): QueueBackend {
  const prefix = prefixOf(desk);
  const shared = { url: redisUrl, connectTimeout: CONNECT_MS, retryStrategy };
  // The version is asked of Redis when a connection opens; an answer that got lost would leave the connection unusable for good.
  const asking = open({ ...shared, enableOfflineQueue: false, maxRetriesPerRequest: 1, skipVersionCheck: true }, prefix);
  const working = open({ ...shared, maxRetriesPerRequest: null }, prefix);
  return { asking, working };
}

/** The braces keep the keys of a desk on one node of a cluster. */
export const prefixOf = (desk: string): string => `{scalpdesk-${desk}}`;

function open(connection: RedisOptions, prefix: string): OpenBackend {
  return (name, opts, needs) => createRedisBackend(name, { ...opts, connection, ...{ prefix } }, needs);
}

const retryStrategy = (attempts: number): number => Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), MAX_RETRY_MS);

const ANSWER_MS = 2_000;

/** What an operator should know about this Redis: empty when all is well. Throws when Redis does not answer. */
export async function findRedisFaults(redisUrl: string): Promise<readonly string[]> {
  const redis = new Redis(redisUrl, { lazyConnect: true, connectTimeout: ANSWER_MS, commandTimeout: ANSWER_MS, retryStrategy: () => null });
  // The connection's own errors come back from `connect` and `info`.
  redis.on('error', () => {});
  try {
    await redis.connect();
    const info = await redis.info();
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction';
    if (policy === 'noeviction') return [];
    return [`Redis may throw jobs away when its memory is full: maxmemory-policy is ${policy}; set it to noeviction`];
  } finally {
    redis.disconnect();
  }
}
