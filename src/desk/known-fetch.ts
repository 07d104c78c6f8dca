import type { KnownWork } from '../commands/ports.ts';
import { fetchHeading } from '../render/fetched.ts';
import { findFetch } from '../store/fetches.ts';
import type { Pool } from '../store/pool.ts';
import { progressOf } from './work-progress.ts';

/** A fetch of the guild with everything commands say about it; null when the guild has none of that id. */
export async function readKnownFetch(pool: Pool, wanted: { readonly id: string; readonly guildId: string }): Promise<KnownWork | null> {
  const fetch = await findFetch(pool, wanted);
  if (fetch === null) return null;
  const { id, state, requestedBy, progress: fraction } = fetch;
  const progress = await progressOf(pool, { kind: 'fetch', id }, fetch, { fraction, stage: 'fetching' });
  return { heading: fetchHeading(fetch), state, requestedBy, progress };
}
