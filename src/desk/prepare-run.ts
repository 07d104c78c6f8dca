import type { BacktestInput } from '../engine/backtest.ts';
import type { AskedRun } from '../engine/run-spec.ts';
import type { LoadOptions } from '../jobs/backtest.processor.ts';
import { settleRequest } from '../store/run-requests.ts';
import { transact } from '../store/transaction.ts';
import { settleCandleSource } from './candle-source.ts';
import { type LoadPorts, loadBacktestInput } from './load-input.ts';

type Run = { readonly runId: string; readonly guildId: string };

/** Settles what is still open about a run, writes that down, so that a second worker does the same run, and loads what it needs. */
export async function prepareRun(ports: LoadPorts, { runId, guildId }: Run, asked: AskedRun, options: LoadOptions): Promise<BacktestInput> {
  const spec = await settleCandleSource({ ...ports, signal: options.signal }, guildId, asked);
  if (asked.candleSource.kind !== spec.candleSource.kind)
    await transact(ports.pool, (tx) => settleRequest(tx, { id: runId, request: spec }));
  return loadBacktestInput(ports, spec, options);
}
