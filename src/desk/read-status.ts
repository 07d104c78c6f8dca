import { createRequire } from 'node:module';
import { ENGINE_VERSION } from '../engine/backtest.ts';
import { backtestJob } from '../jobs/backtest.job.ts';
import { QueueUnavailable } from '../jobs/queue-unavailable.ts';
import type { DeskStatus } from '../render/desk-status.ts';
import { findNewestBarMs } from '../store/kept-series.ts';
import { countPendingMessages } from '../store/outbox.ts';
import { readWorkload } from '../store/workload.ts';
import type { Desk } from './open-desk.ts';

export type Acknowledged = DeskStatus['acknowledged'];

const packageJson: unknown = createRequire(import.meta.url)('../../package.json');

/** How the desk is: the workload is that of all guilds, who share the workers; messages and bars are the guild's own. */
export async function readStatus({ pool, queue }: Desk, guildId: string, acknowledged: Acknowledged): Promise<DeskStatus> {
  const [workload, pendingMessages, newestBarMs, hasWorker] = await Promise.all([
    readWorkload(pool),
    countPendingMessages(pool, guildId),
    findNewestBarMs(pool, guildId),
    queue.hasLiveWorker(backtestJob).catch(unknownWhenAway),
  ]);
  return {
    version: versionOf(packageJson),
    engineVersion: ENGINE_VERSION,
    nodeVersion: process.versions.node,
    workload,
    hasWorker,
    pendingMessages,
    newestBarMs,
    acknowledged,
  };
}

/** A queue that is away is what the status is asked for, and no reason not to tell the rest. */
function unknownWhenAway(error: unknown): null {
  if (error instanceof QueueUnavailable) return null;
  throw error;
}

function versionOf(parsed: unknown): string {
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) return String(parsed.version);
  throw new Error('package.json names no version');
}
