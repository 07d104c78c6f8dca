import type { WorkEnd } from '../bot/progress.ts';
import type { Work } from '../engine/work.ts';
import type { WorkProgress } from '../render/progress.ts';
import type { Pool } from '../store/pool.ts';
import { WORK_ROWS, type WorkOutcome } from '../store/work-rows.ts';

type Ended = Pick<WorkOutcome, 'state' | 'error' | 'cancelledBy'>;

type Row = Ended & { readonly createdAtMs: number; readonly startedAtMs: number | null; readonly finishedAtMs: number | null };

/** What is said of work that is being done. */
type UnderWay = { readonly fraction: number; readonly stage: string };

/** Where work is, by its row. */
export async function progressOf(pool: Pool, { kind, id }: Work, row: Row, underWay: UnderWay): Promise<WorkProgress> {
  const end = workEndOf(row);
  if (end !== null) return end.kind === 'done' ? { kind: 'done', elapsedMs: (row.finishedAtMs ?? row.createdAtMs) - row.createdAtMs } : end;
  if (row.state === 'queued') return { kind: 'queued', position: await WORK_ROWS[kind].queuePosition(pool, id) };
  return { kind: 'running', ...underWay, elapsedMs: Date.now() - (row.startedAtMs ?? row.createdAtMs) };
}

/** Null while it goes on. */
export function workEndOf({ state, error, cancelledBy }: Ended): WorkEnd | null {
  switch (state) {
    case 'queued':
    case 'running':
      return null;
    case 'done':
      return { kind: 'done' };
    case 'refused':
      return { kind: 'refused', reason: error ?? '' };
    case 'failed':
      return { kind: 'failed', reference: error ?? '' };
    case 'cancelled':
      return { kind: 'cancelled', by: cancelledBy ?? '' };
  }
}
