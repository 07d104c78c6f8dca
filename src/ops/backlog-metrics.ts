import { Gauge, type Registry } from 'prom-client';
import { within } from './within.ts';

/** Work that waits, as the database knows it. Every process of a desk tells the same numbers. */
export type Backlog = {
  /** Work that has not ended, by kind and state. */
  readonly work: Readonly<Record<string, Counts>>;
  /** Messages that have not been delivered, by state. */
  readonly messages: Counts;
  /** Null when no message waits. */
  readonly oldestMessageSeconds: number | null;
};

type Counts = Readonly<Record<string, number>>;

const ANSWER_MS = 2_000;

/** Adds what waits to the registry; the returned function brings it up to date and never rejects. */
export function measureBacklog(registry: Registry, readBacklog: () => Promise<Backlog>): () => Promise<void> {
  const registers = [registry];
  const work = new Gauge({
    name: 'scalpdesk_queue_work',
    help: 'Runs, fetches and comparisons that have not ended',
    labelNames: ['kind', 'state'],
    registers,
  });
  const messages = new Gauge({
    name: 'scalpdesk_outbox_messages',
    help: 'Messages that have not been delivered',
    labelNames: ['state'],
    registers,
  });
  const oldest = new Gauge({ name: 'scalpdesk_outbox_oldest_seconds', help: 'Age of the oldest such message; 0 without one', registers });
  const readable = new Gauge({ name: 'scalpdesk_backlog_readable', help: '1 when the database told what waits, else 0', registers });

  return async () => {
    const backlog = await readOrNull(readBacklog);
    // What is not known has no number.
    work.reset();
    messages.reset();
    for (const [kind, counts] of Object.entries(backlog?.work ?? {})) setStates(work, counts, { kind });
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

function setStates(gauge: Gauge, counts: Counts, labels: Readonly<Record<string, string>> = {}): void {
  for (const [state, count] of Object.entries(counts)) gauge.set({ ...labels, state }, count);
}
