import type { Work } from '../engine/work.ts';
import type { Message } from '../render/message.ts';
import { percentOf, renderProgress, type WorkProgress } from '../render/progress.ts';
import { isReplyGone, withoutToken } from './discord-errors.ts';

/** A reply that shows how far work is, until that ends or the reply cannot be edited any more. */
export type FollowedReply = {
  readonly work: Work;
  readonly heading: string;
  /** When the interaction was made: its token counts from here. */
  readonly repliedAtMs: number;
  /** By our own clock; null is now. */
  readonly startedAtMs: number | null;
  /** The queue did not take it yet. */
  readonly isQueueAway: boolean;
  readonly edit: (message: Message) => Promise<void>;
};

export type WorkEnd = Extract<WorkProgress, { kind: 'refused' | 'failed' | 'cancelled' }> | { readonly kind: 'done' };

type Stop = () => void;

export type ProgressPorts = {
  readonly onProgress: (listener: (progress: { readonly work: Work; readonly fraction: number; readonly stage: string }) => void) => Stop;
  /** Tells of ends at once; it may miss some. */
  readonly onEnd: (listener: (ended: { readonly work: Work; readonly end: WorkEnd }) => void) => Stop;
  /** The truth, asked now and then: null while it goes on. */
  readonly findEnd: (work: Work) => Promise<WorkEnd | null>;
  /** Which place it has among those that wait for the same worker, 1 being the next; null when it does not wait. */
  readonly findQueuePosition: (work: Work) => Promise<number | null>;
  /** Told when nothing more will be written into the reply. */
  readonly onLastWord: (work: Work) => Promise<void>;
  readonly nowMs: () => number;
  readonly setTimer: (work: () => void, delayMs: number) => Stop;
  readonly reportError: (error: unknown) => void;
};

const EDIT_EVERY_MS = 2_000;
const FIRST_EDIT_WITHIN_MS = 500;
const ASK_EVERY_MS = 10_000;
/** People who wait in a queue watch it. */
const ASK_QUEUED_EVERY_MS = 4_000;
/** A minute before the token dies, so that the last text still gets through. */
const LAST_WORD_AFTER_MS = 14 * 60_000;
const TOKEN_LIFE_MS = 15 * 60_000;

type Followed = Omit<FollowedReply, 'startedAtMs'> & {
  readonly startedAtMs: number;
  wanted: WorkProgress;
  shownKey: string | null;
  lastEditAtMs: number;
  isEditing: boolean;
  hasFailed: boolean;
  cancelEdit: Stop | null;
  cancelAsk: Stop | null;
};

/** Keeps replies up to date: edits are spaced and coalesced, so that the newest state always lands and no queue builds up. */
export function createProgress(ports: ProgressPorts) {
  const { nowMs, setTimer, reportError } = ports;
  const byId = new Map<string, Followed>();
  const asking = new Set<Promise<void>>();
  const stops = [
    ports.onProgress(({ work, fraction, stage }) => {
      const followed = byId.get(work.id);
      if (followed !== undefined) want(followed, { kind: 'running', fraction, stage, elapsedMs: nowMs() - followed.startedAtMs });
    }),
    ports.onEnd(({ work, end }) => {
      const followed = byId.get(work.id);
      if (followed !== undefined) want(followed, withElapsed(end, followed));
    }),
  ];

  function follow(reply: FollowedReply): void {
    const followed: Followed = {
      ...reply,
      startedAtMs: reply.startedAtMs ?? nowMs(),
      wanted: reply.isQueueAway ? { kind: 'kept' } : { kind: 'queued', position: null },
      shownKey: null,
      lastEditAtMs: Number.NEGATIVE_INFINITY,
      isEditing: false,
      hasFailed: false,
      cancelEdit: null,
      cancelAsk: null,
    };
    byId.set(reply.work.id, followed);
    asks(begin(followed));
  }

  /** Whoever closes us closes the database next. */
  function asks(question: Promise<void>): void {
    const asked = question.finally(() => asking.delete(asked));
    asking.add(asked);
  }

  /** The first text says where the run is, when that is known soon; a database that does not answer does not hold it up. */
  async function begin(followed: Followed): Promise<void> {
    followed.cancelEdit = setTimer(() => {
      followed.cancelEdit = null;
      void edit(followed);
    }, FIRST_EDIT_WITHIN_MS);
    await ask(followed);
    if (byId.get(followed.work.id) !== followed) return;
    followed.cancelEdit?.();
    followed.cancelEdit = null;
    scheduleEdit(followed);
  }

  function want(followed: Followed, progress: WorkProgress): void {
    if (isLast(followed.wanted)) return;
    followed.wanted = progress;
    scheduleEdit(followed);
  }

  function scheduleEdit(followed: Followed): void {
    if (followed.isEditing || followed.cancelEdit !== null || keyOf(followed.wanted) === followed.shownKey) return;
    const delayMs = Math.max(0, followed.lastEditAtMs + EDIT_EVERY_MS - nowMs());
    followed.cancelEdit = setTimer(() => {
      followed.cancelEdit = null;
      void edit(followed);
    }, delayMs);
  }

  async function edit(followed: Followed): Promise<void> {
    const { wanted } = followed;
    followed.isEditing = true;
    followed.lastEditAtMs = nowMs();
    try {
      await followed.edit(renderProgress(followed, wanted));
      followed.shownKey = keyOf(wanted);
      // After it was closed another process has the last word.
      if (isLast(wanted) && byId.get(followed.work.id) === followed) end(followed);
    } catch (error) {
      noteFailure(followed, error);
    } finally {
      followed.isEditing = false;
    }
    if (byId.has(followed.work.id)) scheduleEdit(followed);
  }

  /** The next turn tries again; one report is enough to know why a reply stood still. */
  function noteFailure(followed: Followed, error: unknown): void {
    if (!byId.has(followed.work.id)) return;
    const isOver = isReplyGone(error) || nowMs() - followed.repliedAtMs >= TOKEN_LIFE_MS;
    if (isOver) end(followed);
    else if (!followed.hasFailed) reportError(withoutToken(error));
    followed.hasFailed = true;
  }

  async function ask(followed: Followed): Promise<void> {
    try {
      const ended = await ports.findEnd(followed.work);
      if (ended !== null) want(followed, withElapsed(ended, followed));
      else if (followed.wanted.kind === 'queued') await askPosition(followed);
    } catch (error) {
      reportError(error);
    }
    if (!byId.has(followed.work.id)) return;
    if (nowMs() - followed.repliedAtMs >= LAST_WORD_AFTER_MS) want(followed, withElapsed({ kind: 'outlasted' }, followed));
    followed.cancelAsk = setTimer(() => asks(ask(followed)), followed.wanted.kind === 'queued' ? ASK_QUEUED_EVERY_MS : ASK_EVERY_MS);
  }

  async function askPosition(followed: Followed): Promise<void> {
    const position = await ports.findQueuePosition(followed.work);
    // It may have begun meanwhile.
    if (position !== null && followed.wanted.kind === 'queued') want(followed, { kind: 'queued', position });
  }

  function withElapsed(end: WorkEnd | { readonly kind: 'outlasted' }, { startedAtMs }: Followed): WorkProgress {
    return end.kind === 'done' || end.kind === 'outlasted' ? { kind: end.kind, elapsedMs: Math.max(0, nowMs() - startedAtMs) } : end;
  }

  function end(followed: Followed): void {
    drop(followed);
    asks(ports.onLastWord(followed.work));
  }

  function drop(followed: Followed): void {
    followed.cancelEdit?.();
    followed.cancelAsk?.();
    byId.delete(followed.work.id);
  }

  return {
    follow,
    close: async (): Promise<void> => {
      for (const stop of stops) stop();
      for (const followed of [...byId.values()]) drop(followed);
      await Promise.all(asking);
    },
  };
}

const isLast = ({ kind }: WorkProgress): boolean => kind !== 'queued' && kind !== 'kept' && kind !== 'running';

/** An edit is worth making when this moves; the time that passed alone is not. */
function keyOf(progress: WorkProgress): string {
  if (progress.kind === 'running') return `${percentOf(progress.fraction)} ${progress.stage}`;
  return progress.kind === 'queued' ? `queued ${progress.position}` : progress.kind;
}
