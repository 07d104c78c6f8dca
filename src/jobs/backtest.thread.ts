import type { MessagePort } from 'node:worker_threads';
import { type BacktestInput, backtest } from '../engine/backtest.ts';
import { Refusal } from '../engine/refusal.ts';
import type { RunResult } from '../engine/result.ts';

export type BacktestTask = { readonly input: BacktestInput; readonly progress: MessagePort };

/** What the thread answers. Errors cross as data, because their classes do not survive the crossing. */
export type BacktestAnswer =
  | { readonly kind: 'result'; readonly result: RunResult }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string; readonly stack: string | null };

/** Runs in a thread of the engine pool. */
export function answerBacktest({ input, progress }: BacktestTask): BacktestAnswer {
  try {
    return { kind: 'result', result: backtest(input, (done) => progress.postMessage(done)) };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', message: error.message };
    if (error instanceof Error) return { kind: 'failed', name: error.name, message: error.message, stack: error.stack ?? null };
    return { kind: 'failed', name: 'Error', message: String(error), stack: null };
  } finally {
    progress.close();
  }
}
