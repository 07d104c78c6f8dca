import { Gauge, type Registry } from 'prom-client';
import { within } from './within.ts';

/** Work that waits, as the database knows it. Every process of a desk tells the same numbers. */
export type Backlog = {
  /** Runs that have not ended, by state. */
  readonly runs: Readonly<Record<string, number>>;
  /** Messages that have not been delivered, by state. */
  readonly messages: Readonly<Record<string, number>>;
  /** Null when no message waits. */
  readonly oldestMessageSeconds: number | null;
};

const ANSWER_MS = 2_000;

/** Adds what waits to the registry; the returned function brings it up to date and never rejects. */
export function measureBacklog(registry: Registry, readBacklog: () => Promise<Backlog>): () => Promise<void> {
  const registers = [registry];
  const labelNames = ['state'];
  const runs = new Gauge({ name: 'scalpdesk_queue_runs', help: 'Runs that have not ended', labelNames, registers });
  const messages = new Gauge({ name: 'scalpdesk_outbox_messages', help: 'Messages that have not been delivered', labelNames, registers });
  const oldest = new Gauge({ name: 'scalpdesk_outbox_oldest_seconds', help: 'Age of the oldest such message; 0 without one', registers });
  const readable = new Gauge({ name: 'scalpdesk_backlog_readable', help: '1 when the database told what waits, else 0', registers });

  return async () => {
    const backlog = await readOrNull(readBacklog);
    setStates(runs, backlog?.runs ?? {});
    setStates(messages, backlog?.messages ?? {});
    oldest.set(backlog === null ? Number.NaN : (backlog.oldestMessageSeconds ?? 0));
    readable.set(backlog === null ? 0 : 1);
  };
}

/** The other metrics are told even when the database is away. */
async function readOrNull(readBacklog: () => Promise<Backlog>): Promise<Backlog | null> {
  try {
    return await within(readBacklog(), ANSWER_MS);
  } catch {
    return null;
  }
}

function setStates(gauge: Gauge, counts: Readonly<Record<string, number>>): void {
  gauge.reset();
  for (const [state, count] of Object.entries(counts)) gauge.set({ state }, count);
}
