import { keepPresses, markAnswered, type NewPress, renewPresses } from '../store/pressed-interactions.ts';
import type { Db } from '../store/transaction.ts';

export type PressJournal = {
  /** Writes a press down, at once. False when it was written down before: then somebody else answers it. Rejects when it takes too long. */
  readonly keep: (press: NewPress) => Promise<boolean>;
  /** It has had its last word. Noted as soon as the database takes it. */
  readonly noteAnswered: (interactionId: string) => void;
  /** Vouches for it no longer: unless a row took it over, people are soon told that it was lost. */
  readonly letGo: (interactionId: string) => void;
  readonly close: () => Promise<void>;
};

type Ports = {
  /** Nothing else may hold its connections up: a press must reach the database when its acknowledgement reaches Discord. */
  readonly db: Db;
  /** The number under which this process is known to live; null while it is not. */
  readonly heldBy: () => number | null;
  /** Calls once after the delay; the returned function prevents it. */
  readonly setTimer: (work: () => void, delayMs: number) => () => void;
  readonly reportError: (error: unknown) => void;
  readonly timing?: JournalTiming;
};

export type JournalTiming = {
  /** How long a press is ours when we are not heard of. */
  readonly leaseMs: number;
  /** Shorter than others wait before they take our number for gone: when it is, presses are ours by their lease by then. */
  readonly renewEveryMs: number;
  /** A person waits, and Discord with them. */
  readonly keepWithinMs: number;
};

const TIMING: JournalTiming = { leaseMs: 20_000, renewEveryMs: 1_000, keepWithinMs: 2_000 };

type Waiting = { readonly press: NewPress; readonly settle: (isNew: boolean) => void; readonly fail: (error: unknown) => void };

/** Knows which presses this process is answering. What comes while a statement is under way goes into the next one together. */
export function openPressJournal({ db, heldBy, setTimer, reportError, timing = TIMING }: Ports): PressJournal {
  const { leaseMs, renewEveryMs, keepWithinMs } = timing;
  const underWay = new Set<string>();
  const answered = new Set<string>();
  let waiting: readonly Waiting[] = [];
  let isClosed = false;
  let isFailing = false;
  const keeping = oneAtATime(keepWaiting);
  const noting = oneAtATime(noteAll);
  const renewing = oneAtATime(renewAll);
  let cancelTimer = setTimer(beat, renewEveryMs);

  async function keepWaiting(): Promise<void> {
    const batch = waiting;
    waiting = [];
    try {
      const presses = batch.map(({ press }) => press);
      const fresh = new Set(presses.length === 0 ? [] : await keepPresses(db, presses, { leaseMs, heldBy: heldBy() }));
      // The same press may stand in a batch twice.
      for (const { press, settle } of batch) settle(fresh.delete(press.interactionId));
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
  }

  async function noteAll(): Promise<void> {
    const ids = [...answered];
    if (ids.length > 0) await markAnswered(db, ids);
    for (const id of ids) answered.delete(id);
  }

  /** Also when there are none: a connection that is used stays open for the next press. */
  async function renewAll(): Promise<void> {
    await renewPresses(db, [...underWay], { leaseMs, heldBy: heldBy() });
  }

  function beat(): void {
    void Promise.all([tell(renewing()), tell(noting())]).then(() => {
      if (!isClosed) cancelTimer = setTimer(beat, renewEveryMs);
    });
  }

  /** The next beat tries again; the first report says it all. */
  async function tell(work: Promise<void>): Promise<void> {
    try {
      await work;
      isFailing = false;
    } catch (error) {
      if (!isFailing && !isClosed) reportError(new Error('What is being answered cannot be noted; it is tried again.', { cause: error }));
      isFailing = true;
    }
  }

  function keep(press: NewPress): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const { interactionId } = press;
    const cancel = setTimer(() => {
      waiting = waiting.filter((other) => other !== entry);
      reject(new Error(`Interaction ${interactionId} was not written down within ${keepWithinMs} ms.`));
    }, keepWithinMs);
    const entry: Waiting = {
      press,
      settle: (isNew) => {
        cancel();
        if (isNew) underWay.add(interactionId);
        resolve(isNew);
      },
      fail: (error) => {
        cancel();
        reject(error);
      },
    };
    waiting = [...waiting, entry];
    void keeping();
    return promise;
  }

  return {
    keep,
    noteAnswered: (interactionId) => {
      underWay.delete(interactionId);
      answered.add(interactionId);
      void tell(noting());
    },
    letGo: (interactionId) => void underWay.delete(interactionId),
    close: async () => {
      isClosed = true;
      cancelTimer();
      await Promise.allSettled([keeping(), renewing(), noting()]);
    },
  };
}

/** Whoever asks while the work is done waits for it to be done once more: what was added meanwhile may have come too late for it. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let again = false;
  const run = async () => {
    try {
      do {
        again = false;
        await work();
      } while (again);
    } finally {
      running = null;
    }
  };
  return () => {
    if (running !== null) again = true;
    running ??= run();
    return running;
  };
}
