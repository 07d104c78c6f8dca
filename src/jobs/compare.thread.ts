import type { ComparisonInput } from '../engine/compare.ts';
import { type ComparisonOutcome, compareWithEvidence } from '../engine/comparison-outcome.ts';
import { answerTask, type ThreadAnswer, type ThreadTask } from './thread-answer.ts';

/** Runs in a thread of the engine pool: all variants in one, on columns that they share. */
export function answerComparison(task: ThreadTask<ComparisonInput>): ThreadAnswer<ComparisonOutcome> {
  return answerTask(task, compareWithEvidence);
}
