import { createHash } from 'node:crypto';
import { ApiError } from './api-error.ts';
import type { Bucket, Match } from './route.ts';

export type RateLimitMode = 'discord' | 'off';

const GLOBAL = { limit: 50, windowMs: 1_000 } as const;

type Window = { endsAtMs: number; used: number };

export class RateLimited extends ApiError {
  readonly scope: RateLimitScope;
  readonly retryAfterMs: number;

  constructor(scope: RateLimitScope, retryAfterMs: number) {
    super(429, 0, 'You are being rate limited.', { retryAfterMs });
    this.scope = scope;
    this.retryAfterMs = retryAfterMs;
  }
}

export type RateLimitScope = 'user' | 'shared' | 'global';

/** Counts requests. What it returns are the headers that tell a client where it stands, also on a refusal. */
export function createRateLimiter(clock: () => number, mode: RateLimitMode) {
  const windows = new Map<string, Window>();

  const take = (key: string, { limit, windowMs }: { readonly limit: number; readonly windowMs: number }) => {
    const nowMs = clock();
    const running = windows.get(key);
    const window = running !== undefined && running.endsAtMs > nowMs ? running : { endsAtMs: nowMs + windowMs, used: 0 };
    windows.set(key, window);
    window.used += 1;
    return {
      passed: window.used <= limit,
      remaining: Math.max(0, limit - window.used),
      waitMs: window.endsAtMs - nowMs,
      endsAtMs: window.endsAtMs,
    };
  };

  return ({ route, params }: Match): { readonly headers: Record<string, string>; readonly refusal: RateLimited | null } => {
    if (mode === 'off') return { headers: {}, refusal: null };
    if (route.auth === 'bot') {
      const { passed, waitMs } = take('global', GLOBAL);
      if (!passed) return { headers: {}, refusal: new RateLimited('global', waitMs) };
    }
    if (route.bucket === null) return { headers: {}, refusal: null };

    const { passed, remaining, waitMs, endsAtMs } = take(keyOf(route.bucket, params), route.bucket);
    const headers = {
      'X-RateLimit-Limit': String(route.bucket.limit),
      'X-RateLimit-Remaining': String(remaining),
      'X-RateLimit-Reset': (endsAtMs / 1000).toFixed(3),
      'X-RateLimit-Reset-After': (waitMs / 1000).toFixed(3),
      'X-RateLimit-Bucket': createHash('md5').update(route.bucket.name).digest('hex'),
    };
    return { headers, refusal: passed ? null : new RateLimited('user', waitMs) };
  };
}

function keyOf(bucket: Bucket, params: Readonly<Record<string, string>>): string {
  return [bucket.name, ...bucket.major.map((name) => params[name])].join(':');
}
