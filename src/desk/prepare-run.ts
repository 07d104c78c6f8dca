import type { BacktestInput } from '../engine/backtest.ts';
import type { ComparisonInput } from '../engine/compare.ts';
import { type AskedComparison, runsOf } from '../engine/comparison-spec.ts';
import type { AskedRun, RunSpec } from '../engine/run-spec.ts';
import type { LoadOptions } from '../jobs/engine-processor.ts';
import { transact } from '../store/transaction.ts';
import { type RequestedWork, settleRequest } from '../store/work-requests.ts';
import { settleCandleSource } from './candle-source.ts';
import { type LoadPorts, loadBacktestInput } from './load-input.ts';

type Run = { readonly runId: string; readonly guildId: string };

/** Settles what is still open about a run, writes that down, so that a second worker does the same run, and loads what it needs. */
export async function prepareRun(ports: LoadPorts, { runId, guildId }: Run, asked: AskedRun, options: LoadOptions): Promise<BacktestInput> {
  const work = { kind: 'run', id: runId, guildId } as const;
  const spec = await settle(ports, work, { asked, requestOf: (settled) => settled, signal: options.signal });
  return loadBacktestInput(ports, spec, options);
}

type ComparisonId = { readonly comparisonId: string; readonly guildId: string };

/** The same for a comparison: its bars reach back far enough for every variant. */
export async function prepareComparison(
  ports: LoadPorts,
  { comparisonId, guildId }: ComparisonId,
  { base, variations, labels }: AskedComparison,
  options: LoadOptions,
): Promise<ComparisonInput> {
  const work = { kind: 'comparison', id: comparisonId, guildId } as const;
  const requestOf = (settled: RunSpec) => ({ base: settled, variations, labels });
  const spec = await settle(ports, work, { asked: base, requestOf, signal: options.signal });
  const settings = runsOf({ base: spec, variations }).map((run) => run.settings);
  return { base: await loadBacktestInput(ports, spec, options, settings), variations, labels };
}

type Settling = { readonly asked: AskedRun; readonly requestOf: (settled: RunSpec) => unknown; readonly signal: AbortSignal };

async function settle(
  ports: LoadPorts,
  { guildId, ...work }: RequestedWork & { readonly guildId: string },
  { asked, requestOf, signal }: Settling,
): Promise<RunSpec> {
  const spec = await settleCandleSource({ ...ports, signal }, guildId, asked);
  if (asked.candleSource.kind !== spec.candleSource.kind) await transact(ports.pool, (tx) => settleRequest(tx, work, requestOf(spec)));
  return spec;
}
