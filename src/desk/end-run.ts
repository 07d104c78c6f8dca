import type { PlanRecord } from '../engine/plan-record.ts';
import type { RunResult } from '../engine/result.ts';
import type { Pool } from '../store/pool.ts';
import { insertReplanEvents } from '../store/replan-events.ts';
import { finishRun } from '../store/runs.ts';
import type { Tx } from '../store/transaction.ts';
import { workEnder } from './end-work.ts';

type Ended = { readonly result: RunResult; readonly records: readonly PlanRecord[] };

/** Ends runs: the result and who planned it are one write. */
export function runEnder(pool: Pool) {
  const { end, ...fruitless } = workEnder(pool, 'run');
  return { ...fruitless, saveResult: (id: string, ended: Ended) => end(id, (tx) => finish(tx, id, ended)) };
}

async function finish(tx: Tx, id: string, { result, records }: Ended): Promise<boolean> {
  if (!(await finishRun(tx, { id, result }))) return false;
  if (records.length > 0) await insertReplanEvents(tx, { runId: id, startMs: result.data.start, records });
  return true;
}
