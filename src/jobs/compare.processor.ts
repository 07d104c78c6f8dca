import type { z } from 'zod';
import type { ComparisonInput } from '../engine/compare.ts';
import type { ComparisonOutcome } from '../engine/comparison-outcome.ts';
import type { AskedComparison } from '../engine/comparison-spec.ts';
import type { compareJob } from './compare.job.ts';
import { type EnginePorts, engineProcessor } from './engine-processor.ts';
import type { JobProcessor } from './run-job.ts';

export type ComparePorts = EnginePorts<AskedComparison, ComparisonInput, ComparisonOutcome>;

export function compareProcessor(ports: ComparePorts): JobProcessor<z.infer<typeof compareJob.payload>> {
  return engineProcessor({ ports, idOf: ({ comparisonId }) => comparisonId });
}
