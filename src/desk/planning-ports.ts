import type { DeskPorts } from '../commands/ports.ts';
import { type RunSpec, runSpecSchema } from '../engine/run-spec.ts';
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

/** Null where nobody planned the run. */
export async function readPlanningOf(pool: Pool, { id, result }: Pick<Run, 'id' | 'result'>, spec: RunSpec) {
  if (spec.strategist === undefined || result === null) return null;
  return planningOf(spec, result.data.start, await listReplanEvents(pool, id));
}
