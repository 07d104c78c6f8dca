import { setTimeout as sleep } from 'node:timers/promises';
import type { REST } from 'discord.js';
import { type ClaimedMessage, claimNext, markFailed, markSent, releaseForRetry } from '../store/outbox.ts';
import type { Db } from '../store/transaction.ts';
import { type Compose, createDelivery, type Delivery } from './deliver.ts';

export type OutboxPosterPorts = {
  readonly rest: Pick<REST, 'get' | 'post'>;
  readonly botUserId: string;
  readonly db: Db;
  readonly compose: Compose;
  /** Calls the listener when a row may have come; returns how to stop. */
  readonly onWake: (listener: () => void) => () => void;
  /** Told of every attempt to deliver, and what became of it. */
  readonly onAttempt: (outcome: Delivery['kind']) => void;
  readonly reportError: (error: unknown) => void;
  readonly holder: OutboxHolder;
  /** How long a row is ours; after it, another process may take it, however alive we are. */
  readonly leaseMs?: number;
};

export type OutboxHolder = {
  /** How others see that we live, and when they do no more; null while they do not, and a row is ours for its lease alone. */
  readonly held: () => { readonly number: number; readonly lost: AbortSignal } | null;
  /** Others that are gone; what they were sending is ours to send. */
  readonly findGone: () => Promise<readonly number[]>;
};

export type OutboxPoster = { readonly close: (deadlineMs: number) => Promise<void> };

/** Channels that are written to at the same time. */
const LANES = 4;
const POLL_EVERY_MS = 1_000;
const LEASE_MS = 60_000;
/** Nothing may be posted when the lease is over, so an attempt ends a little before. */
const LEASE_MARGIN = 0.8;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
const NOTE_AGAIN_MS = 500;
const RELEASE_MS = 1_000;

/** Delivers outbox rows until Discord has accepted them: in order within a channel, several channels at once. */
export function startOutboxPoster({ leaseMs = LEASE_MS, ...ports }: OutboxPosterPorts): OutboxPoster {
  const { db, holder, reportError } = ports;
  const deliver = createDelivery(ports);
  const closing = new AbortController();
  const lanes = new Set<Promise<void>>();
  let isOpen = true;
  let isDatabaseDown = false;

  const stopWaking = ports.onWake(openLane);
  const poll = setInterval(openLane, POLL_EVERY_MS);
  openLane();

  function openLane(): void {
    if (!isOpen || lanes.size >= LANES) return;
    const lane = runLane().finally(() => lanes.delete(lane));
    lanes.add(lane);
  }

  async function runLane(): Promise<void> {
    for (let claimed = await claim(); claimed !== null; claimed = await claim()) {
      // Where there was one row there may be one for another channel.
      openLane();
      await handle(claimed);
    }
  }

  async function claim(): Promise<Claimed | null> {
    if (!isOpen) return null;
    try {
      const gone = await holder.findGone();
      const held = holder.held();
      const message = await claimNext(db, { leaseMs, heldBy: held?.number ?? null, gone });
      isDatabaseDown = false;
      return message === null ? null : { message, lost: held?.lost ?? null };
    } catch (error) {
      // The poll goes on each second; the first report says it all.
      if (!isDatabaseDown) reportError(new Error('The outbox cannot be read; messages wait until it can.', { cause: error }));
      isDatabaseDown = true;
      return null;
    }
  }

  async function handle({ message, lost }: Claimed): Promise<void> {
    const over = AbortSignal.any([closing.signal, AbortSignal.timeout(leaseMs * LEASE_MARGIN)]);
    try {
      const delivery = await deliver(message, lost === null ? over : AbortSignal.any([over, lost]));
      ports.onAttempt(delivery.kind);
      if (delivery.kind !== 'sent') tellOf(message, delivery);
      await noteUntil(over, message, delivery);
    } catch (error) {
      // The row stays ours until the lease ends; then it is looked for in the channel before it is sent again.
      reportError(new Error(`What became of outbox message ${message.id} could not be noted.`, { cause: error }));
    }
  }

  function tellOf({ id, channelId }: ClaimedMessage, { kind, error }: Exclude<Delivery, { kind: 'sent' }>): void {
    const became = kind === 'given-up' ? `was given up: channel ${channelId} did not take it` : 'is tried again later';
    reportError(new Error(`Outbox message ${id} ${became} (${describe(error)}).`, { cause: error }));
  }

  /** While the row is ours nobody else looks what became of it, so a database that was away for a moment is told when it is back. */
  async function noteUntil(over: AbortSignal, message: ClaimedMessage, delivery: Delivery): Promise<void> {
    for (;;) {
      try {
        return await note(message, delivery);
      } catch (error) {
        if (over.aborted) throw error;
      }
      await sleep(NOTE_AGAIN_MS);
    }
  }

  function note({ id, attempts }: ClaimedMessage, delivery: Delivery): Promise<void> {
    if (delivery.kind === 'sent') return markSent(db, { id, messageId: delivery.messageId });
    const error = describe(delivery.error);
    if (delivery.kind === 'given-up') return markFailed(db, { id, attempts, error });
    const waitMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 16));
    return releaseForRetry(db, { id, attempts, error, nextAttemptAtMs: Date.now() + waitMs, mayHaveBeenSent: delivery.mayHaveBeenSent });
  }

  return {
    /** Takes nothing more; what is on its way may arrive until the deadline, then it is cut off and given back. */
    close: async (deadlineMs) => {
      isOpen = false;
      clearInterval(poll);
      stopWaking();
      if (await settles(lanes, deadlineMs)) return;
      closing.abort();
      await settles(lanes, RELEASE_MS);
    },
  };
}

type Claimed = { readonly message: ClaimedMessage; readonly lost: AbortSignal | null };

async function settles(lanes: ReadonlySet<Promise<void>>, deadlineMs: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), deadlineMs);
  const all = Promise.all(lanes).then(() => true);
  return Promise.race([all, late]).finally(() => clearTimeout(timer));
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
