import type { KnownRun } from '../commands/ports.ts';
import { askedRunSchema } from '../engine/run-spec.ts';
import type { RunProgress } from '../render/progress.ts';
import { runHeading } from '../render/run-heading.ts';
import type { Pool } from '../store/pool.ts';
import { queuePosition } from '../store/run-list.ts';
import { findRun, type Run } from '../store/runs.ts';
import { runEndOf } from './run-notices.ts';

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
    progress: await progressOf(pool, run),
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

async function progressOf(pool: Pool, run: Run): Promise<RunProgress> {
  const end = runEndOf(run);
  if (end !== null) return end.kind === 'done' ? { kind: 'done', elapsedMs: (run.finishedAtMs ?? run.createdAtMs) - run.createdAtMs } : end;
  if (run.state === 'queued') return { kind: 'queued', position: await queuePosition(pool, run.id) };
  return { kind: 'running', fraction: 0, stage: 'running', elapsedMs: Date.now() - (run.startedAtMs ?? run.createdAtMs) };
}
