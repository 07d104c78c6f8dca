import type { z } from 'zod';
import type { BacktestInput } from '../engine/backtest.ts';
import { Refusal } from '../engine/refusal.ts';
import type { RunResult } from '../engine/result.ts';
import type { AskedRun } from '../engine/run-spec.ts';
import type { backtestJob } from './backtest.job.ts';
import type { RunBacktest } from './engine-pool.ts';
import type { JobContext, JobProcessor } from './run-job.ts';

/** Fetching bars may take a while: it can be aborted, and tells how much is done, from 0 to 1. */
export type LoadOptions = { readonly signal: AbortSignal; readonly onProgress: (done: number) => void };

/** The outside world a backtest needs. Each of the saves ends the run unless it has ended already. */
export type BacktestPorts = {
  /** Null when the run has ended already and nothing is left to do. */
  readonly beginRun: (runId: string, guildId: string) => Promise<AskedRun | null>;
  readonly loadInput: (asked: AskedRun, options: LoadOptions) => Promise<BacktestInput>;
  readonly runEngine: RunBacktest;
  readonly saveResult: (runId: string, result: RunResult) => Promise<void>;
  readonly saveRefusal: (runId: string, reason: string) => Promise<void>;
  /** The reference is what people are shown and what the report of the error carries. */
  readonly saveFailure: (runId: string, reference: string) => Promise<void>;
  readonly reportError: (error: unknown, reference: string) => void;
};

type Payload = z.infer<typeof backtestJob.payload>;

export function backtestProcessor(ports: BacktestPorts): JobProcessor<Payload> {
  return {
    process: async (payload, context) => {
      try {
        await runBacktest(ports, payload, context);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        await ports.saveRefusal(payload.runId, error.message);
      }
    },

    abandon: async ({ runId }, error) => {
      // Made from the run, so that a job that is abandoned twice tells people the same reference.
      const reference = runId.slice(0, 8);
      ports.reportError(error, reference);
      await ports.saveFailure(runId, reference);
    },
  };
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
