import type { BacktestInput } from '../engine/backtest.ts';
import { backtestWithEvidence } from '../engine/backtest-with-evidence.ts';
import type { RunResult } from '../engine/result.ts';
import { answerTask, type ThreadAnswer, type ThreadTask } from './thread-answer.ts';

/** Runs in a thread of the engine pool. */
export function answerBacktest(task: ThreadTask<BacktestInput>): ThreadAnswer<RunResult> {
  return answerTask(task, backtestWithEvidence);
}
