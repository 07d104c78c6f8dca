import type { Acknowledged } from './read-status.ts';

const REMEMBERED = 200;

/** How long the last presses waited for their first answer. */
export function rememberAcknowledgements(): { readonly note: (afterMs: number) => void; readonly read: () => Acknowledged } {
  const lastMs: number[] = [];
  return {
    note: (afterMs) => {
      lastMs.push(afterMs);
      if (lastMs.length > REMEMBERED) lastMs.shift();
    },
    read: () => {
      const sorted = lastMs.toSorted((one, other) => one - other);
      const [medianMs, slowestMs] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
      return medianMs === undefined || slowestMs === undefined ? null : { medianMs, slowestMs, count: sorted.length };
    },
  };
}
