import { type Message, textMessage } from './message.ts';
import { fixed, orNotAvailable } from './number-text.ts';
import { table } from './table.ts';
import { discordTime } from './time-text.ts';

/** How the desk is, as far as it is known; null is "not known". */
export type DeskStatus = {
  readonly version: string;
  readonly engineVersion: string;
  readonly nodeVersion: string;
  /** Runs of all servers: they share the workers. */
  readonly queuedRuns: number;
  readonly runningRuns: number;
  readonly hasWorker: boolean | null;
  /** Messages to this server that Discord has not accepted yet. */
  readonly pendingMessages: number;
  /** When the newest kept bar opened; ms UTC. */
  readonly newestBarMs: number | null;
  /** How long presses waited for their first answer, of the last ones; ms. */
  readonly acknowledged: { readonly medianMs: number; readonly slowestMs: number; readonly count: number } | null;
};

export function renderDeskStatus(status: DeskStatus): Message {
  const { acknowledged, hasWorker, newestBarMs } = status;
  const rows: readonly (readonly [string, string])[] = [
    ['Scalpdesk', status.version],
    ['Engine', status.engineVersion],
    ['Node', status.nodeVersion],
    ['Worker', hasWorker === null ? 'queue is away' : hasWorker ? 'alive' : 'none'],
    ['Runs waiting', fixed(status.queuedRuns, 0)],
    ['Runs worked on', fixed(status.runningRuns, 0)],
    ['Messages to send', fixed(status.pendingMessages, 0)],
    ['First answer', orNotAvailable(acknowledged, ({ medianMs }) => `${fixed(medianMs, 0)} ms`)],
    ['Slowest answer', orNotAvailable(acknowledged, ({ slowestMs }) => `${fixed(slowestMs, 0)} ms`)],
  ];
  const age = newestBarMs === null ? 'No bars are kept yet.' : `Newest bar kept: ${discordTime(newestBarMs)}`;
  return textMessage([`**Desk** ${verdict(status)}`, table(rows), age].join('\n'));
}

/** The one line that matters: whether anything stands still, and what to do about it. */
function verdict({ hasWorker, queuedRuns }: DeskStatus): string {
  if (hasWorker === null) return 'the queue does not answer; runs wait until it does';
  if (!hasWorker) return `no worker is alive, so ${queuedRuns === 0 ? 'a run would wait' : 'runs wait'}; start one: scalpdesk start`;
  return 'all is well';
}
