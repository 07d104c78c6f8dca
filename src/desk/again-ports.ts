import type { DeskPorts } from '../commands/ports.ts';
import { Refusal } from '../engine/refusal.ts';
import type { Pool } from '../store/pool.ts';
import { findRun } from '../store/runs.ts';
import { composePlayback } from './compose-playback.ts';
import type { DoneRun, RunAgain } from './run-again.ts';

type Ports = {
  readonly pool: Pool;
  readonly again: RunAgain;
  readonly chartUrl: string;
  readonly reportError: (error: unknown) => void;
};

/** What executes a run of the guild again. */
export function againPorts(
  { pool, again, chartUrl, reportError }: Ports,
  guildId: string,
): Pick<DeskPorts, 'verifyRun' | 'askRules' | 'composePlayback'> {
  return {
    verifyRun: async (runId) => again.verify(await doneRun(runId)),
    askRules: async (runId) => {
      const run = await doneRun(runId);
      return again.askRules(run).catch((error: unknown) => {
        if (error instanceof Refusal) return null;
        throw error;
      });
    },
    composePlayback: async (runId, wanted) => composePlayback({ again, chartUrl, reportError }, await doneRun(runId), wanted),
  };

  async function doneRun(id: string): Promise<DoneRun> {
    const run = await findRun(pool, { id, guildId });
    if (run === null || run.result === null) throw new Error(`Run ${id} has no result`);
    return { id, request: run.request, result: run.result };
  }
}
