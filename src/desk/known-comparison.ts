import type { KnownWork } from '../commands/ports.ts';
import { askedComparisonSchema } from '../engine/comparison-spec.ts';
import { comparisonHeading } from '../render/run-heading.ts';
import { findComparison } from '../store/comparisons.ts';
import type { Pool } from '../store/pool.ts';
import { progressOf } from './work-progress.ts';

/** A comparison of the guild with everything commands say about it; null when the guild has none of that id. */
export async function readKnownComparison(
  pool: Pool,
  wanted: { readonly id: string; readonly guildId: string },
): Promise<KnownWork | null> {
  const comparison = await findComparison(pool, wanted);
  if (comparison === null) return null;
  const { id, state, requestedBy, request } = comparison;
  const progress = await progressOf(pool, { kind: 'comparison', id }, comparison, { fraction: 0, stage: 'running' });
  return { heading: headingOfComparison(request), state, requestedBy, progress };
}

/** The line that says what a comparison is, from the request as it is stored. */
export function headingOfComparison(request: unknown): string {
  const asked = askedComparisonSchema.safeParse(request);
  return asked.success ? comparisonHeading(asked.data) : UNREADABLE;
}

/** A comparison that an older version stored is still one. */
const UNREADABLE = '**Comparison** of an older version';
