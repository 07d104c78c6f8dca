import type { Writable } from 'node:stream';

/** Where the terminal skin speaks: results on stdout, everything else on stderr. */
export type Terminal = {
  readonly stdout: Pick<Writable, 'write'>;
  readonly stderr: Pick<Writable, 'write'> & { readonly isTTY?: boolean };
};

const CELLS = 30;

/** A progress bar on one line of stderr; silent when nobody watches. */
export function progressBar({ stderr }: Terminal): { readonly show: (fraction: number, stage: string) => void; readonly end: () => void } {
  if (stderr.isTTY !== true) return { show: () => {}, end: () => {} };
  return {
    show: (fraction, stage) => {
      const full = Math.round(fraction * CELLS);
      stderr.write(`\r${'█'.repeat(full)}${'░'.repeat(CELLS - full)} ${Math.floor(fraction * 100)} % ${stage}\u001b[K`);
    },
    end: () => {
      stderr.write('\r\u001b[K');
    },
  };
}
