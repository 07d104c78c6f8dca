import type { DeskPorts } from '../commands/ports.ts';
import type { Planning } from '../engine/plan-record.ts';
import { type RunSpec, runSpecSchema } from '../engine/run-spec.ts';
import { findBaseRun } from '../store/comparisons.ts';
import type { Pool } from '../store/pool.ts';
import { listReplanEvents } from '../store/replan-events.ts';
import { findRun, type Run } from '../store/runs.ts';
import type { PlanningNow } from './plan-now.ts';
import { type ModelAccess, planningOf } from './strategist.ts';
import { listStrategies, strategyTexts } from './strategy-texts.ts';

type Ports = { readonly pool: Pool; readonly access: ModelAccess; readonly planningNow: PlanningNow };

/** What strategists did and do for a guild. */
export function planningPorts(
  { pool, access, planningNow }: Ports,
  guildId: string,
): Pick<DeskPorts, 'readPlanning' | 'listStrategies' | 'readStrategies' | 'planNow'> {
  return {
    readPlanning: async (id) => {
      const run = await findRun(pool, { id, guildId });
      if (run === null) throw new Error(`Run ${id} is gone`);
      const spec = runSpecSchema.safeParse(run.request);
      return spec.success ? readPlanningOf(pool, run, spec.data) : null;
    },
    listStrategies: () => listStrategies(access),
    readStrategies: strategyTexts,
    planNow: (asked) => planningNow.planNow(guildId, asked),
  };
}

/** Null where nobody planned the run. A variant of a comparison follows the plans of its base. */
export async function readPlanningOf(pool: Pool, { id, result }: Pick<Run, 'id' | 'result'>, spec: RunSpec): Promise<Planning | null> {
  if (spec.strategist === undefined || result === null) return null;
  const startMs = result.data.start;
  const own = await listReplanEvents(pool, id);
  if (own.length > 0) return planningOf(spec, { records: own, baseRunId: null, startMs });
  const baseRunId = await findBaseRun(pool, id);
  const records = baseRunId === null ? [] : await listReplanEvents(pool, baseRunId);
  return planningOf(spec, { records, baseRunId, startMs });
}
