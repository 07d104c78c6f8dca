import type { MessagePort } from 'node:worker_threads';
import { Refusal } from '../engine/refusal.ts';

/** Work for a thread of the engine pool; its progress comes back through the port. */
export type ThreadTask<Input> = { readonly input: Input; readonly progress: MessagePort };

/** What a thread answers. Errors cross as data, because their classes do not survive the crossing. */
export type ThreadAnswer<Result> =
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string; readonly stack: string | null };

/** Runs in the thread. */
export function answerTask<Input, Result>(
  { input, progress }: ThreadTask<Input>,
  work: (input: Input, report: (done: number) => void) => Result,
): ThreadAnswer<Result> {
  try {
    return { kind: 'result', result: work(input, (done) => progress.postMessage(done)) };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', message: error.message };
    if (error instanceof Error) return { kind: 'failed', name: error.name, message: error.message, stack: error.stack ?? null };
    return { kind: 'failed', name: 'Error', message: String(error), stack: null };
  } finally {
    progress.close();
  }
}

/** Runs where the thread was asked. */
export function readAnswer<Result>(answer: ThreadAnswer<Result>): Result {
  switch (answer.kind) {
    case 'result':
      return answer.result;
    case 'refused':
      throw new Refusal(answer.message);
    case 'failed': {
      const cause = new Error(answer.message);
      cause.name = answer.name;
      if (answer.stack !== null) cause.stack = answer.stack;
      throw new Error(`The engine failed: ${answer.message}`, { cause });
    }
  }
}
