import type { z } from 'zod';
import type { ComparisonInput } from '../engine/compare.ts';
import type { ComparisonOutcome } from '../engine/comparison-outcome.ts';
import type { AskedComparison } from '../engine/comparison-spec.ts';
import type { compareJob } from './compare.job.ts';
import { type EnginePorts, engineProcessor } from './engine-processor.ts';
import type { JobProcessor } from './run-job.ts';

/** What is loaded and what comes of it may hold more than the engine takes and gives, such as who planned the base. */
export type ComparePorts<Input = ComparisonInput, Result = ComparisonOutcome> = EnginePorts<AskedComparison, Input, Result>;

export function compareProcessor<Input, Result>(ports: ComparePorts<Input, Result>): JobProcessor<z.infer<typeof compareJob.payload>> {
  return engineProcessor({ ports, idOf: ({ comparisonId }) => comparisonId });
}
