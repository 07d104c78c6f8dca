import { escapeText } from './escape-text.ts';
import { type Message, textMessage } from './message.ts';

/** Where a run is, for the person who waits for it. */
export type RunProgress =
  | { readonly kind: 'queued' }
  | { readonly kind: 'running'; readonly fraction: number; readonly stage: string; readonly elapsedMs: number }
  | { readonly kind: 'done'; readonly elapsedMs: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reference: string }
  /** The run goes on, but its reply cannot be edited for much longer. */
  | { readonly kind: 'outlasted'; readonly elapsedMs: number };

const CELLS = 10;

/** The reply of a command that queued a run: what runs, and how far it is. */
export function renderProgress(heading: string, progress: RunProgress): Message {
  return textMessage(`${heading}\n${describeProgress(progress)}`);
}

/** Whole percent, rounded down: 100 only when nothing is left. */
export function percentOf(fraction: number): number {
  return Math.floor(Math.min(1, Math.max(0, fraction)) * 100);
}

function describeProgress(progress: RunProgress): string {
  switch (progress.kind) {
    case 'queued':
      return 'Queued; it starts when a worker is free.';
    case 'running':
      return `${drawBar(progress.fraction)} ${percentOf(progress.fraction)} % · ${progress.stage} · ${formatElapsed(progress.elapsedMs)}`;
    case 'done':
      return `Done in ${progress.elapsedMs < 1_000 ? 'less than a second' : formatElapsed(progress.elapsedMs)}; the result is below.`;
    case 'refused':
      return `Refused: ${escapeText(progress.reason)}`;
    case 'failed':
      return `Something broke on our side. Reference: \`${progress.reference}\``;
    case 'outlasted':
      return `Still running after ${formatElapsed(progress.elapsedMs)}; the result will be posted below when it is there.`;
  }
}

function drawBar(fraction: number): string {
  const full = Math.floor((percentOf(fraction) * CELLS) / 100);
  return `\`${'█'.repeat(full)}${'░'.repeat(CELLS - full)}\``;
}

function formatElapsed(elapsedMs: number): string {
  const seconds = Math.round(elapsedMs / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
