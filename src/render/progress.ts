import type { Work, WorkKind } from '../engine/work.ts';
import { customIdOf } from './button.ts';
import { escapeText } from './escape-text.ts';
import { type Message, textMessage } from './message.ts';

/** Where work is, for the person who waits for it. */
export type WorkProgress =
  /** How many stand before it and itself; null while that is not known. */
  | { readonly kind: 'queued'; readonly position: number | null }
  /** The queue did not take it; it is asked again by itself. */
  | { readonly kind: 'kept' }
  | { readonly kind: 'running'; readonly fraction: number; readonly stage: string; readonly elapsedMs: number }
  | { readonly kind: 'done'; readonly elapsedMs: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reference: string }
  /** By the user of this Discord id. */
  | { readonly kind: 'cancelled'; readonly by: string }
  /** It goes on, but its reply cannot be edited for much longer. */
  | { readonly kind: 'outlasted'; readonly elapsedMs: number };

export type FollowedWork = { readonly work: Work; readonly heading: string };

export const CANCEL = 'cancel';

const CELLS = 10;

/** The reply of a command that asked for work: what it is, how far it is, and a button as long as it can be stopped. */
export function renderProgress({ work, heading }: FollowedWork, progress: WorkProgress): Message {
  const message = textMessage(`${heading}\n${describeProgress(progress)}`);
  if (!isUnderWay(progress)) return message;
  return { ...message, buttons: [{ customId: cancelIdOf(work), label: `Cancel ${work.kind}`, style: 'danger', disabled: false }] };
}

/** The kind that a cancel button is of when its custom id names none. */
export const CANCELLED_BY_DEFAULT: WorkKind = 'run';

function cancelIdOf({ kind, id }: Work): string {
  return kind === CANCELLED_BY_DEFAULT ? customIdOf(CANCEL, id) : customIdOf(CANCEL, id, kind);
}

/** Whole percent, rounded down: 100 only when nothing is left. */
export function percentOf(fraction: number): number {
  return Math.floor(Math.min(1, Math.max(0, fraction)) * 100);
}

function isUnderWay({ kind }: WorkProgress): boolean {
  return kind === 'queued' || kind === 'kept' || kind === 'running' || kind === 'outlasted';
}

function describeProgress(progress: WorkProgress): string {
  switch (progress.kind) {
    case 'queued':
      return describeQueue(progress.position);
    case 'kept':
      return 'The queue is unavailable at the moment. This is kept and starts by itself when the queue is back; Cancel stops it.';
    case 'running':
      return `${drawBar(progress.fraction)} ${percentOf(progress.fraction)} % · ${progress.stage} · ${formatElapsed(progress.elapsedMs)}`;
    case 'done':
      return `Done in ${progress.elapsedMs < 1_000 ? 'less than a second' : formatElapsed(progress.elapsedMs)}; the result is below.`;
    case 'refused':
      return `Refused: ${escapeText(progress.reason)}`;
    case 'failed':
      return `Something broke on our side. Reference: \`${progress.reference}\``;
    case 'cancelled':
      return `Cancelled by <@${progress.by}>.`;
    case 'outlasted':
      return `Still running after ${formatElapsed(progress.elapsedMs)}; the result will be posted below when it is there.`;
  }
}

function describeQueue(position: number | null): string {
  if (position === null) return 'Queued; it starts when a worker is free.';
  if (position === 1) return 'Queued: next, it starts when a worker is free.';
  return `Queued: ${position - 1} before it.`;
}

function drawBar(fraction: number): string {
  const full = Math.floor((percentOf(fraction) * CELLS) / 100);
  return `\`${'█'.repeat(full)}${'░'.repeat(CELLS - full)}\``;
}

function formatElapsed(elapsedMs: number): string {
  const seconds = Math.round(elapsedMs / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
