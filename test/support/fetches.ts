import { randomUUID } from 'node:crypto';
import { DAY_MS } from '../../src/engine/bar.ts';
import { insertFetch, type NewFetch } from '../../src/store/fetches.ts';
import type { Pool } from '../../src/store/pool.ts';
import { transact } from '../../src/store/transaction.ts';

const START_MS = Date.UTC(2025, 9, 1);

/** Two days of a market that nobody has fetched yet. */
export async function insertQueuedFetch(pool: Pool, changes: Partial<NewFetch> = {}): Promise<string> {
  const id = changes.id ?? randomUUID();
  const asked = { exchange: 'coinbase', symbol: 'BTC-USD', timeframe: '5m', instrument: 'perpetual' } as const;
  const range = { startMs: START_MS, endMs: START_MS + 2 * DAY_MS };
  await transact(pool, (tx) =>
    insertFetch(tx, { ...asked, ...range, guildId: 'local', channelId: null, requestedBy: null, ...changes, id }),
  );
  return id;
}
