import { execFile } from 'node:child_process';

export type Ended = {
  /** Null when it was killed, having taken too long. */
  readonly code: number | null;
  readonly output: string;
};

export type Running = { readonly cwd: string; readonly timeoutMs: number; readonly signal: AbortSignal };

const MOST_OUTPUT_BYTES = 64 * 1_024 * 1_024;

/** Runs a program to its end. An exit code other than 0 is an answer; a program that cannot be started is an error. */
export function runProcess(program: string, args: readonly string[], { cwd, timeoutMs, signal }: Running): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, timeout: timeoutMs, signal, maxBuffer: MOST_OUTPUT_BYTES }, (error, stdout, stderr) => {
      const code = error === null ? 0 : (error.code ?? null);
      if (typeof code === 'string') reject(error);
      else resolve({ code, output: `${stdout}${stderr}`.trim() });
    });
  });
}
