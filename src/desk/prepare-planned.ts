import type { ComparisonInput } from '../engine/compare.ts';
import type { AskedComparison } from '../engine/comparison-spec.ts';
import type { PlanRecord } from '../engine/plan-record.ts';
import type { AskedRun } from '../engine/run-spec.ts';
import type { LoadOptions } from '../jobs/engine-processor.ts';
import { transact } from '../store/transaction.ts';
import { type RequestedWork, settleRequest } from '../store/work-requests.ts';
import type { LoadPorts } from './load-input.ts';
import { type PlannedBacktest, planBacktest } from './plan-backtest.ts';
import { prepareComparison, prepareRun } from './prepare-run.ts';
import { type ModelAccess, openPlanner, type SettledStrategist, settleStrategist } from './strategist.ts';

export type PlanningPorts = LoadPorts & { readonly access: ModelAccess };

type Run = { readonly runId: string; readonly guildId: string };

/** Loads what a run needs, and has it planned where it wants to be. */
export async function preparePlannedRun(ports: PlanningPorts, run: Run, asked: AskedRun, options: LoadOptions): Promise<PlannedBacktest> {
  if (asked.strategist === undefined) return { backtest: await prepareRun(ports, run, asked, options), records: [] };
  const strategist = settleStrategist(asked.strategist, ports.access);
  const settled = { ...asked, strategist };
  await writeDown(ports, { kind: 'run', id: run.runId }, { asked, settled: strategist, request: settled });
  const input = await prepareRun(ports, run, settled, options);
  return planBacktest(input, openPlanner(strategist, { ...ports, workId: run.runId }), options);
}

export type PlannedComparison = { readonly comparison: ComparisonInput; readonly records: readonly PlanRecord[] };

type ComparisonId = { readonly comparisonId: string; readonly guildId: string };

/** The same for a comparison: its base is planned, and every variant follows the plans of the base. */
export async function preparePlannedComparison(
  ports: PlanningPorts,
  comparison: ComparisonId,
  asked: AskedComparison,
  options: LoadOptions,
): Promise<PlannedComparison> {
  if (asked.base.strategist === undefined) return { comparison: await prepareComparison(ports, comparison, asked, options), records: [] };
  const strategist = settleStrategist(asked.base.strategist, ports.access);
  const settled = { ...asked, base: { ...asked.base, strategist } };
  const work = { kind: 'comparison', id: comparison.comparisonId } as const;
  await writeDown(ports, work, { asked: asked.base, settled: strategist, request: settled });
  const input = await prepareComparison(ports, comparison, settled, options);
  const planner = openPlanner(strategist, { ...ports, workId: comparison.comparisonId });
  const { backtest, records } = await planBacktest(input.base, planner, options);
  return { comparison: { ...input, base: backtest }, records };
}

type Settled = { readonly asked: AskedRun; readonly settled: SettledStrategist; readonly request: unknown };

/** So that a second worker has the same one plan. */
async function writeDown({ pool }: PlanningPorts, work: RequestedWork, { asked, settled, request }: Settled): Promise<void> {
  if (asked.strategist?.model === settled.model) return;
  await transact(pool, (tx) => settleRequest(tx, work, request));
}
