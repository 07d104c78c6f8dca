import type { AskedComparison } from '../engine/comparison-spec.ts';
import { LOCAL_GUILD } from '../engine/run-spec.ts';
import { findComparison, type StoredComparison } from '../store/comparisons.ts';
import type { Desk } from './open-desk.ts';
import { submitComparison } from './submit-comparison.ts';
import { THE_TERMINAL } from './submit-work.ts';
import { waitForEnd } from './wait-for-end.ts';

/** Puts a comparison into the queue and waits for it. */
export async function compareToEnd(
  desk: Desk,
  asked: AskedComparison,
  onProgress: (fraction: number, stage: string) => void,
): Promise<StoredComparison> {
  const submit = async () => (await submitComparison(desk, asked, THE_TERMINAL)).comparisonId;
  const id = await waitForEnd(desk, { kind: 'comparison', submit, onProgress });
  const comparison = await findComparison(desk.pool, { id, guildId: LOCAL_GUILD });
  if (comparison === null) throw new Error(`Comparison ${id} is gone`);
  return comparison;
}
