import type { Config } from '../config/config.ts';
import { backtestJob } from '../jobs/backtest.job.ts';
import { startOpsServer } from '../ops/http.ts';
import type { Log } from '../ops/log.ts';
import { createMetrics } from '../ops/metrics.ts';
import { createReadiness, type Readiness } from '../ops/readiness.ts';
import { readBacklog } from '../store/backlog.ts';
import { type Desk, openDesk } from './open-desk.ts';
import type { ServiceRole } from './service-roles.ts';
import { startBot } from './start-bot.ts';
import { startWorker } from './start-worker.ts';

/** Why a service ended: it was asked to, or Discord will not have it any more. */
export type ServiceEnd = { readonly kind: 'signal' | 'disconnected'; readonly reason: string };

type Options = {
  readonly config: Config;
  readonly roles: readonly ServiceRole[];
  readonly log: Log;
  readonly signalled: Promise<string>;
  readonly drainMs: number;
};

/**
 * Runs the parts of the desk until it is to end, then drains: it is not ready from that moment on, takes nothing more, gives what
 * is on its way time to finish, gives the rest back, and closes everything.
 */
export async function runService({ config, roles, log, signalled, drainMs }: Options): Promise<ServiceEnd> {
  const { promise: ended, resolve: end } = Promise.withResolvers<ServiceEnd>();
  const readiness = createReadiness(roles.includes('bot') ? ['database', 'queue', 'discord'] : ['database', 'queue']);
  const metrics = createMetrics();
  const stop = (reason: ServiceEnd) => {
    readiness.drain();
    end(reason);
  };
  void signalled.then((signal) => stop({ kind: 'signal', reason: signal }));

  await using opened = new AsyncDisposableStack();
  if (config.httpPort !== null) {
    metrics.watchProcess();
    const http = await startOpsServer({ port: config.httpPort, host: config.httpHost, readiness, metrics, reportError: log.error });
    opened.defer(http.close);
  }
  const desk = await openDesk(config, log.error, { metrics, note: log.info });
  log.hide(desk.databaseUrl);
  opened.defer(desk.close);
  watchDesk(desk, readiness);

  const working: (() => Promise<void>)[] = [];
  opened.defer(() => closeTogether(working));
  if (roles.includes('worker')) {
    const worker = await startWorker(desk);
    working.push(() => worker.close(drainMs));
  }
  if (roles.includes('bot')) {
    const bot = await startBot(desk, { onEnd: (reason) => stop({ kind: 'disconnected', reason }), closeWithinMs: drainMs });
    working.push(bot.close);
    readiness.watch('discord', bot.isConnected);
  }

  log.info('Scalpdesk is ready');
  const reason = await ended;
  log.info(`Stopping: ${reason.reason}`);
  return reason;
}

function watchDesk({ pool, queue, metrics }: Desk, readiness: Readiness): void {
  metrics.watchBacklog(() => readBacklog(pool));
  readiness.watch('database', async () => {
    await pool.query('select');
    return true;
  });
  readiness.watch('queue', async () => {
    // Whether anybody works is not the question here, but whether the queue answers it.
    await queue.hasLiveWorker(backtestJob);
    return true;
  });
}

/** All at once, so that together they take no longer than one may; each is closed whatever becomes of the others. */
async function closeTogether(closings: readonly (() => Promise<void>)[]): Promise<void> {
  const outcomes = await Promise.allSettled(closings.map((close) => close()));
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
  if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be closed');
}
