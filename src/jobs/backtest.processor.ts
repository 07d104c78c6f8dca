import type { z } from 'zod';
import type { BacktestInput } from '../engine/backtest.ts';
import type { RunResult } from '../engine/result.ts';
import type { AskedRun } from '../engine/run-spec.ts';
import type { backtestJob } from './backtest.job.ts';
import { type EnginePorts, engineProcessor } from './engine-processor.ts';
import type { JobProcessor } from './run-job.ts';

/** What is loaded and what comes of it may hold more than the engine takes and gives, such as who planned the run. */
export type BacktestPorts<Input = BacktestInput, Result = RunResult> = EnginePorts<AskedRun, Input, Result>;

export function backtestProcessor<Input, Result>(ports: BacktestPorts<Input, Result>): JobProcessor<z.infer<typeof backtestJob.payload>> {
  return engineProcessor({ ports, idOf: ({ runId }) => runId });
}
