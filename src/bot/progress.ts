import type { Message } from '../render/message.ts';
import { percentOf, type RunProgress, renderProgress } from '../render/progress.ts';
import { isReplyGone } from './discord-errors.ts';

/** A reply that shows how far a run is, until the run ends or the reply cannot be edited any more. */
export type FollowedReply = {
  readonly runId: string;
  readonly heading: string;
  /** When the interaction was made: its token counts from here. */
  readonly repliedAtMs: number;
  readonly edit: (message: Message) => Promise<void>;
};

export type RunEnd = Extract<RunProgress, { kind: 'refused' | 'failed' }> | { readonly kind: 'done' };

type Stop = () => void;

export type ProgressPorts = {
  readonly onRunProgress: (
    listener: (progress: { readonly runId: string; readonly fraction: number; readonly stage: string }) => void,
  ) => Stop;
  /** Tells of ends at once; it may miss some. */
  readonly onRunEnd: (listener: (ended: { readonly runId: string; readonly end: RunEnd }) => void) => Stop;
  /** The truth, asked now and then: null while the run goes on. */
  readonly findRunEnd: (runId: string) => Promise<RunEnd | null>;
  readonly nowMs: () => number;
  readonly setTimer: (work: () => void, delayMs: number) => Stop;
  readonly reportError: (error: unknown) => void;
};

const EDIT_EVERY_MS = 2_000;
const ASK_EVERY_MS = 10_000;
/** A minute before the token dies, so that the last text still gets through. */
const LAST_WORD_AFTER_MS = 14 * 60_000;
const TOKEN_LIFE_MS = 15 * 60_000;

type Followed = FollowedReply & {
  readonly startedAtMs: number;
  wanted: RunProgress;
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
  const byRunId = new Map<string, Followed>();
  const stops = [
    ports.onRunProgress(({ runId, fraction, stage }) => {
      const followed = byRunId.get(runId);
      if (followed !== undefined) want(followed, { kind: 'running', fraction, stage, elapsedMs: nowMs() - followed.startedAtMs });
    }),
    ports.onRunEnd(({ runId, end }) => {
      const followed = byRunId.get(runId);
      if (followed !== undefined) want(followed, withElapsed(end, followed));
    }),
  ];

  function follow(reply: FollowedReply): void {
    const followed: Followed = {
      ...reply,
      startedAtMs: nowMs(),
      wanted: { kind: 'queued' },
      shownKey: null,
      lastEditAtMs: Number.NEGATIVE_INFINITY,
      isEditing: false,
      hasFailed: false,
      cancelEdit: null,
      cancelAsk: null,
    };
    byRunId.set(reply.runId, followed);
    scheduleEdit(followed);
    void ask(followed);
  }

  function want(followed: Followed, progress: RunProgress): void {
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
      await followed.edit(renderProgress(followed.heading, wanted));
      followed.shownKey = keyOf(wanted);
      if (isLast(wanted)) drop(followed);
    } catch (error) {
      noteFailure(followed, error);
    } finally {
      followed.isEditing = false;
    }
    if (byRunId.has(followed.runId)) scheduleEdit(followed);
  }

  /** The next turn tries again; one report is enough to know why a reply stood still. */
  function noteFailure(followed: Followed, error: unknown): void {
    if (!byRunId.has(followed.runId)) return;
    const isOver = isReplyGone(error) || nowMs() - followed.repliedAtMs >= TOKEN_LIFE_MS;
    if (isOver) drop(followed);
    else if (!followed.hasFailed) reportError(error);
    followed.hasFailed = true;
  }

  async function ask(followed: Followed): Promise<void> {
    try {
      const end = await ports.findRunEnd(followed.runId);
      if (end !== null) want(followed, withElapsed(end, followed));
    } catch (error) {
      reportError(error);
    }
    if (!byRunId.has(followed.runId)) return;
    if (nowMs() - followed.repliedAtMs >= LAST_WORD_AFTER_MS) want(followed, withElapsed({ kind: 'outlasted' }, followed));
    followed.cancelAsk = setTimer(() => void ask(followed), ASK_EVERY_MS);
  }

  function withElapsed(end: RunEnd | { readonly kind: 'outlasted' }, { startedAtMs }: Followed): RunProgress {
    return end.kind === 'refused' || end.kind === 'failed' ? end : { kind: end.kind, elapsedMs: nowMs() - startedAtMs };
  }

  function drop(followed: Followed): void {
    followed.cancelEdit?.();
    followed.cancelAsk?.();
    byRunId.delete(followed.runId);
  }

  return {
    follow,
    close: (): void => {
      for (const stop of stops) stop();
      for (const followed of [...byRunId.values()]) drop(followed);
    },
  };
}

const isLast = ({ kind }: RunProgress): boolean => kind !== 'queued' && kind !== 'running';

/** An edit is worth making when this moves; the time that passed alone is not. */
function keyOf(progress: RunProgress): string {
  return progress.kind === 'running' ? `${percentOf(progress.fraction)} ${progress.stage}` : progress.kind;
}
