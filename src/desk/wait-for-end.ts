import { Refusal } from '../engine/refusal.ts';
import type { WorkKind } from '../engine/work.ts';
import type { Desk } from './open-desk.ts';
import { startWorker } from './start-worker.ts';
import { openWorkNotices, WORK_JOBS } from './work-notices.ts';

const POLL_MS = 500;
const CLOSE_WITHIN_MS = 10_000;

type Waiting = {
  readonly kind: WorkKind;
  /** Asks for the work; returns its id. */
  readonly submit: () => Promise<string>;
  readonly onProgress: (fraction: number, stage: string) => void;
};

/**
 * Puts work into the queue and waits until it is done; returns its id. When no worker is alive one is started in this process and
 * closed again. Refused work throws its Refusal, failed work an error with its reference.
 */
export async function waitForEnd(desk: Desk, { kind, submit, onProgress }: Waiting): Promise<string> {
  await using opened = new AsyncDisposableStack();
  if (!(await desk.queue.hasLiveWorker(WORK_JOBS[kind]))) {
    const worker = await startWorker(desk);
    opened.defer(() => worker.close(CLOSE_WITHIN_MS));
  }
  const notices = await openWorkNotices(desk);
  opened.defer(notices.close);

  let wake: () => void = () => {};
  notices.onEnd(() => wake());
  const id = await submit();
  notices.onProgress(({ work, fraction, stage }) => {
    if (work.id === id) onProgress(fraction, stage);
  });

  for (;;) {
    const end = await notices.findEnd({ kind, id });
    if (end?.kind === 'refused') throw new Refusal(end.reason);
    if (end?.kind === 'cancelled') throw new Refusal(`The ${kind} was cancelled by ${end.by}; give the command again to begin anew`);
    if (end?.kind === 'failed') throw new Error(`The ${kind} broke; reference ${end.reference}`);
    if (end?.kind === 'done') return id;
    await new Promise<void>((resolve) => {
      wake = resolve;
      setTimeout(resolve, POLL_MS);
    });
  }
}
