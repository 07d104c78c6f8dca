import type { RunResult } from '../engine/result.ts';
import type { Pool } from '../store/pool.ts';
import { finishRun } from '../store/runs.ts';
import { workEnder } from './end-work.ts';

/** Ends runs. */
export function runEnder(pool: Pool) {
  const { end, ...fruitless } = workEnder(pool, 'run');
  return { ...fruitless, saveResult: (id: string, result: RunResult) => end(id, (tx) => finishRun(tx, { id, result })) };
}
