import { type AskedRun, LOCAL_GUILD } from '../engine/run-spec.ts';
import { findRun, type Run } from '../store/runs.ts';
import type { Desk } from './open-desk.ts';
import { submitRun } from './submit-run.ts';
import { THE_TERMINAL } from './submit-work.ts';
import { waitForEnd } from './wait-for-end.ts';

/** Puts a run into the queue and waits for it. */
export async function runToEnd(desk: Desk, asked: AskedRun, onProgress: (fraction: number, stage: string) => void): Promise<Run> {
  const submit = async () => (await submitRun(desk, asked, THE_TERMINAL)).runId;
  const id = await waitForEnd(desk, { kind: 'run', submit, onProgress });
  const run = await findRun(desk.pool, { id, guildId: LOCAL_GUILD });
  if (run === null) throw new Error(`Run ${id} is gone`);
  return run;
}
