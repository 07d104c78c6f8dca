import { Refusal } from '../engine/refusal.ts';
import { type AskedRun, LOCAL_GUILD } from '../engine/run-spec.ts';
import { backtestJob } from '../jobs/backtest.job.ts';
import { findRun, type Run } from '../store/runs.ts';
import type { Desk } from './open-desk.ts';
import { openRunNotices } from './run-notices.ts';
import { startWorker } from './start-worker.ts';
import { submitRun } from './submit-run.ts';

const POLL_MS = 500;
const CLOSE_WITHIN_MS = 10_000;

/**
 * Puts a run into the queue and waits until it has ended. When no worker is alive one is started in this process and
 * closed again. A refused run throws its Refusal, a failed one an error with its reference.
 */
export async function runToEnd(desk: Desk, asked: AskedRun, onProgress: (fraction: number, stage: string) => void): Promise<Run> {
  await using opened = new AsyncDisposableStack();
  if (!(await desk.queue.hasLiveWorker(backtestJob))) {
    const worker = await startWorker(desk);
    opened.defer(() => worker.close(CLOSE_WITHIN_MS));
  }
  const notices = await openRunNotices(desk);
  opened.defer(notices.close);

  let wake: () => void = () => {};
  notices.onRunEnd(() => wake());
  const { runId } = await submitRun(desk, asked, { guildId: LOCAL_GUILD, channelId: null, userId: null, reply: null });
  notices.onRunProgress((progress) => {
    if (progress.runId === runId) onProgress(progress.fraction, progress.stage);
  });

  for (;;) {
    const end = await notices.findRunEnd(runId);
    if (end?.kind === 'refused') throw new Refusal(end.reason);
    if (end?.kind === 'cancelled') throw new Refusal(`The run was cancelled by ${end.by}; give the command again to run it anew`);
    if (end?.kind === 'failed') throw new Error(`The run broke; reference ${end.reference}`);
    if (end?.kind === 'done') break;
    await new Promise<void>((resolve) => {
      wake = resolve;
      setTimeout(resolve, POLL_MS);
    });
  }
  const run = await findRun(desk.pool, { id: runId, guildId: LOCAL_GUILD });
  if (run === null) throw new Error(`Run ${runId} is gone`);
  return run;
}
