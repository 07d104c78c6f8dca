import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { type Backlog, measureBacklog } from './backlog-metrics.ts';

export type Metrics = {
  /** The seconds are those of the attempt that ended it; null when they are not known. */
  readonly runEnded: (state: string, seconds: number | null) => void;
  /** From when Discord made an interaction until it had our first answer. */
  readonly interactionAcknowledged: (command: string, ms: number) => void;
  /** What became of one attempt to post a message. */
  readonly messagePosted: (outcome: string) => void;
  /** Asked whenever the metrics are read. */
  readonly watchBacklog: (readBacklog: () => Promise<Backlog>) => void;
  /** Memory, processor and the lag of the event loop; measuring them costs a little, so it is asked for. */
  readonly watchProcess: () => void;
  readonly read: () => Promise<{ readonly contentType: string; readonly text: string }>;
};

const RUN_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];
const ACKNOWLEDGE_MS = [25, 50, 100, 250, 500, 1_000, 1_500, 2_000, 3_000];

/** What a process counts, for Prometheus to read. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const runs = new Counter({ name: 'scalpdesk_runs_total', help: 'Runs ended by this process', labelNames: ['state'], registers });
  const runSeconds = new Histogram({
    name: 'scalpdesk_run_seconds',
    help: 'From the begin of the attempt that ended a run to its end',
    labelNames: ['state'],
    buckets: RUN_SECONDS,
    registers,
  });
  const acknowledged = new Histogram({
    name: 'scalpdesk_interaction_acknowledged_ms',
    help: 'From when Discord made an interaction until it had the first answer',
    labelNames: ['command'],
    buckets: ACKNOWLEDGE_MS,
    registers,
  });
  const posts = new Counter({
    name: 'scalpdesk_discord_posts_total',
    help: 'Attempts to post a message, by what became of them',
    labelNames: ['outcome'],
    registers,
  });
  let refreshBacklog = async () => {};

  return {
    runEnded: (state, seconds) => {
      runs.inc({ state });
      if (seconds !== null) runSeconds.observe({ state }, seconds);
    },
    interactionAcknowledged: (command, ms) => acknowledged.observe({ command }, ms),
    messagePosted: (outcome) => posts.inc({ outcome }),
    watchBacklog: (readBacklog) => {
      refreshBacklog = measureBacklog(registry, readBacklog);
    },
    watchProcess: () => collectDefaultMetrics({ register: registry }),
    read: async () => {
      await refreshBacklog();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
