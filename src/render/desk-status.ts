import { WORK_KINDS, type WorkKind } from '../engine/work.ts';
import { type Message, textMessage } from './message.ts';
import { fixed, orNotAvailable } from './number-text.ts';
import { table } from './table.ts';
import { discordTime } from './time-text.ts';

/** How the desk is, as far as it is known; null is "not known". */
export type DeskStatus = {
  readonly version: string;
  readonly engineVersion: string;
  readonly nodeVersion: string;
  /** Work of all servers: they share the workers. */
  readonly workload: Readonly<Record<WorkKind, Counts>>;
  readonly hasWorker: boolean | null;
  /** Messages to this server that Discord has not accepted yet. */
  readonly pendingMessages: number;
  /** When the newest kept bar opened; ms UTC. */
  readonly newestBarMs: number | null;
  /** How long presses waited for their first answer, of the last ones; ms. */
  readonly acknowledged: { readonly medianMs: number; readonly slowestMs: number; readonly count: number } | null;
};

type Counts = { readonly queued: number; readonly running: number };

const WORK_NAMES: Readonly<Record<WorkKind, string>> = { run: 'Runs', fetch: 'Fetches', comparison: 'Comparisons' };

export function renderDeskStatus(status: DeskStatus): Message {
  const { acknowledged, hasWorker, newestBarMs } = status;
  const rows: readonly (readonly [string, string])[] = [
    ['Scalpdesk', status.version],
    ['Engine', status.engineVersion],
    ['Node', status.nodeVersion],
    ['Worker', hasWorker === null ? 'queue is away' : hasWorker ? 'alive' : 'none'],
    ['', columns('waiting', 'running')],
    ...WORK_KINDS.map((kind) => [WORK_NAMES[kind], countsOf(status.workload[kind])] as const),
    ['Messages to send', fixed(status.pendingMessages, 0)],
    ['First answer', orNotAvailable(acknowledged, ({ medianMs }) => `${fixed(medianMs, 0)} ms`)],
    ['Slowest answer', orNotAvailable(acknowledged, ({ slowestMs }) => `${fixed(slowestMs, 0)} ms`)],
  ];
  const age = newestBarMs === null ? 'No bars are kept yet.' : `Newest bar kept: ${discordTime(newestBarMs)}`;
  return textMessage([`**Desk** ${verdict(status)}`, table(rows), age].join('\n'));
}

const countsOf = ({ queued, running }: Counts): string => columns(fixed(queued, 0), fixed(running, 0));

/** As wide as leaves room for the longest name. */
const columns = (waiting: string, running: string): string => `${waiting.padStart(7)} ${running.padStart(8)}`;

/** The one line that matters: whether anything stands still, and what to do about it. */
function verdict({ hasWorker, workload }: DeskStatus): string {
  if (hasWorker === null) return 'the queue does not answer; work waits until it does';
  const isWaiting = WORK_KINDS.some((kind) => workload[kind].queued > 0);
  if (!hasWorker) return `no worker is alive, so work ${isWaiting ? 'waits' : 'would wait'}; start one: scalpdesk start`;
  return 'all is well';
}
