import type { z } from 'zod';
import type { BacktestInput } from '../engine/backtest.ts';
import type { RunResult } from '../engine/result.ts';
import type { AskedRun } from '../engine/run-spec.ts';
import type { backtestJob } from './backtest.job.ts';
import { type EndPorts, endingProcessor } from './ending-processor.ts';
import type { RunBacktest } from './engine-pool.ts';
import type { JobContext, JobProcessor } from './run-job.ts';

/** Fetching bars may take a while: it can be aborted, and tells how much is done, from 0 to 1. */
export type LoadOptions = { readonly signal: AbortSignal; readonly onProgress: (done: number) => void };

/** The outside world a backtest needs. */
export type BacktestPorts = EndPorts & {
  /** Null when the run has ended already and nothing is left to do. */
  readonly beginRun: (runId: string, guildId: string) => Promise<AskedRun | null>;
  readonly loadInput: (asked: AskedRun, options: LoadOptions) => Promise<BacktestInput>;
  readonly runEngine: RunBacktest;
  readonly saveResult: (runId: string, result: RunResult) => Promise<unknown>;
};

type Payload = z.infer<typeof backtestJob.payload>;

export function backtestProcessor(ports: BacktestPorts): JobProcessor<Payload> {
  return endingProcessor({ ports, idOf: ({ runId }) => runId, work: (payload, context) => runBacktest(ports, payload, context) });
}

async function runBacktest(ports: BacktestPorts, { runId, guildId }: Payload, { signal, report }: JobContext): Promise<void> {
  const spec = await ports.beginRun(runId, guildId);
  if (spec === null) return;

  report({ stage: 'loading', fraction: 0 });
  const input = await ports.loadInput(spec, { signal, onProgress: (fraction) => report({ stage: 'loading', fraction }) });

  report({ stage: 'running', fraction: 0 });
  const result = await ports.runEngine(input, { signal, onProgress: (fraction) => report({ stage: 'running', fraction }) });

  report({ stage: 'saving', fraction: 1 });
  await ports.saveResult(runId, result);
}
