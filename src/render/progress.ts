import { customIdOf } from './button.ts';
import { escapeText } from './escape-text.ts';
import { type Message, textMessage } from './message.ts';

/** Where a run is, for the person who waits for it. */
export type RunProgress =
  /** How many stand before it and itself; null while that is not known. */
  | { readonly kind: 'queued'; readonly position: number | null }
  | { readonly kind: 'running'; readonly fraction: number; readonly stage: string; readonly elapsedMs: number }
  | { readonly kind: 'done'; readonly elapsedMs: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reference: string }
  /** By the user of this Discord id. */
  | { readonly kind: 'cancelled'; readonly by: string }
  /** The run goes on, but its reply cannot be edited for much longer. */
  | { readonly kind: 'outlasted'; readonly elapsedMs: number };

export type FollowedRun = { readonly runId: string; readonly heading: string };

export const CANCEL = 'cancel';

const CELLS = 10;

/** The reply of a command that queued a run: what runs, how far it is, and a button as long as it can be stopped. */
export function renderProgress({ runId, heading }: FollowedRun, progress: RunProgress): Message {
  const message = textMessage(`${heading}\n${describeProgress(progress)}`);
  if (!isUnderWay(progress)) return message;
  return { ...message, buttons: [{ customId: customIdOf(CANCEL, runId), label: 'Cancel run', style: 'danger', disabled: false }] };
}

/** Whole percent, rounded down: 100 only when nothing is left. */
export function percentOf(fraction: number): number {
  return Math.floor(Math.min(1, Math.max(0, fraction)) * 100);
}

function isUnderWay({ kind }: RunProgress): boolean {
  return kind === 'queued' || kind === 'running' || kind === 'outlasted';
}

function describeProgress(progress: RunProgress): string {
  switch (progress.kind) {
    case 'queued':
      return describeQueue(progress.position);
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
