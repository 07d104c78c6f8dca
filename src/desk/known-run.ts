import type { KnownRun } from '../commands/ports.ts';
import { askedRunSchema } from '../engine/run-spec.ts';
import { runHeading } from '../render/run-heading.ts';
import type { Pool } from '../store/pool.ts';
import { findRun } from '../store/runs.ts';
import { progressOf } from './work-progress.ts';

/** A run of the guild with everything commands say about it; null when the guild has none of that id. */
export async function readKnownRun(
  pool: Pool,
  { runId, guildId }: { readonly runId: string; readonly guildId: string },
): Promise<KnownRun | null> {
  const run = await findRun(pool, { id: runId, guildId });
  if (run === null) return null;
  const { id, state, request, result, requestedBy, createdAtMs } = run;
  return {
    id,
    state,
    ...marketOf(request),
    createdAtMs,
    returnPct: result?.summary.equity_return_pct ?? null,
    trades: result?.summary.total_trades ?? null,
    heading: headingOfRequest(request),
    requestedBy,
    result,
    progress: await progressOf(pool, { kind: 'run', id }, run, { fraction: 0, stage: 'running' }),
  };
}

/** The line that says what a run is, from the request as it is stored. */
export function headingOfRequest(request: unknown): string {
  const asked = askedRunSchema.safeParse(request);
  return asked.success ? runHeading(asked.data) : UNREADABLE;
}

/** A run that an older version stored is still a run. */
const UNREADABLE = '**Backtest** of an older version';

function marketOf(request: unknown): Pick<KnownRun, 'symbols' | 'timeframe'> {
  const asked = askedRunSchema.safeParse(request);
  return asked.success ? { symbols: asked.data.symbols, timeframe: asked.data.timeframes[0] } : { symbols: [], timeframe: '' };
}
