import type { MessagePort } from 'node:worker_threads';
import { type BacktestInput, backtest } from '../engine/backtest.ts';
import { Refusal } from '../engine/refusal.ts';
import type { RunResult } from '../engine/result.ts';

export type BacktestTask = { readonly input: BacktestInput; readonly progress: MessagePort };

/**
 * What the thread answers. Errors cross as data, because their classes do not survive the crossing; the equity as
 * numbers in a row, because a pair for every bar takes as long to copy as a quarter of the run itself.
 */
export type BacktestAnswer =
  | { readonly kind: 'result'; readonly rest: Omit<RunResult, 'equity'>; readonly equity: Float64Array }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string; readonly stack: string | null };

/** Runs in a thread of the engine pool. */
export function answerBacktest({ input, progress }: BacktestTask): BacktestAnswer {
  try {
    const { equity, ...rest } = backtest(input, (done) => progress.postMessage(done));
    return { kind: 'result', rest, equity: packEquity(equity) };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', message: error.message };
    if (error instanceof Error) return { kind: 'failed', name: error.name, message: error.message, stack: error.stack ?? null };
    return { kind: 'failed', name: 'Error', message: String(error), stack: null };
  } finally {
    progress.close();
  }
}

function packEquity(equity: RunResult['equity']): Float64Array {
  const packed = new Float64Array(equity.length * 2);
  equity.forEach((pair, index) => {
    packed.set(pair, index * 2);
  });
  return packed;
}

/** The pairs again, in the caller's thread. */
export function unpackEquity(packed: Float64Array): RunResult['equity'] {
  return Array.from({ length: packed.length / 2 }, (_, index) => [packed[index * 2] as number, packed[index * 2 + 1] as number] as const);
}
