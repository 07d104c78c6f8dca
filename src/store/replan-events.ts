import type { PlanCost, PlanRecord, TokenUsage } from '../engine/plan-record.ts';
import type { ReplanRequest } from '../engine/result.ts';
import type { Db, Tx } from './transaction.ts';

type Planned = {
  readonly runId: string;
  /** Open time of the run's first bar; ms UTC. */
  readonly startMs: number;
  /** In the order of the run. */
  readonly records: readonly PlanRecord[];
};

const FIRST_PLAN = 'first_plan';

/** Writes down who planned a run. Its rows are written once: a second write of the same run is refused by their key. */
export async function insertReplanEvents(tx: Tx, { runId, startMs, records }: Planned): Promise<void> {
  const rows = records.map(({ request, origin, planner, market, planHash, dropped, findings, troubles, cost }, ordinal) => ({
    ordinal,
    at: new Date(request?.time ?? startMs).toISOString(),
    trigger_type: request?.trigger_type ?? FIRST_PLAN,
    symbol: request?.symbol ?? null,
    trigger_details: request?.trigger_details ?? {},
    origin,
    planner,
    market,
    plan_hash: planHash,
    dropped,
    findings,
    troubles,
    usage: cost?.usage ?? null,
    calls: cost?.calls ?? null,
    usd: cost?.usd ?? null,
  }));
  await tx.query(
    `insert into replan_events (run_id, ordinal, triggered_at, trigger_type, symbol, trigger_details, origin, planner, market,
                                plan_hash, dropped, findings, troubles, usage, calls, usd)
     select $1, ordinal, at, trigger_type, symbol, trigger_details, origin, planner, market, plan_hash, dropped, findings,
            troubles, usage, calls, usd
       from jsonb_to_recordset($2) as planned (ordinal integer, at timestamptz, trigger_type text, symbol text, trigger_details jsonb,
                                               origin text, planner text, market jsonb, plan_hash text, dropped jsonb,
                                               findings jsonb, troubles jsonb, usage jsonb, calls integer, usd double precision)`,
    // PostgreSQL has no NUL in its texts.
    [runId, JSON.stringify(rows).replaceAll('\\u0000', '\\ufffd')],
  );
}

/** In the order of the run; none where nobody planned it. Whoever shows it to people must check the guild of the run. */
export async function listReplanEvents(db: Db, runId: string): Promise<readonly PlanRecord[]> {
  const { rows } = await db.query<ReplanRow>(
    `select triggered_at, trigger_type, symbol, trigger_details, origin, planner, market, plan_hash, dropped, findings, troubles, usage,
            calls, usd
       from replan_events
      where run_id = $1
      order by ordinal`,
    [runId],
  );
  return rows.map((row) => ({
    request: row.trigger_type === FIRST_PLAN ? null : requestOf(row, row.trigger_type),
    origin: row.origin,
    planner: row.planner,
    market: row.market,
    planHash: row.plan_hash,
    dropped: row.dropped,
    findings: row.findings,
    troubles: row.troubles,
    cost: costOf(row),
  }));
}

type ReplanRow = Pick<PlanRecord, 'origin' | 'planner' | 'market' | 'dropped' | 'findings' | 'troubles'> & {
  readonly triggered_at: Date;
  readonly trigger_type: ReplanRequest['trigger_type'] | typeof FIRST_PLAN;
  readonly symbol: string | null;
  readonly trigger_details: ReplanRequest['trigger_details'];
  readonly plan_hash: string | null;
  readonly usage: TokenUsage | null;
  readonly calls: number | null;
  readonly usd: number | null;
};

function requestOf({ triggered_at, symbol, trigger_details }: ReplanRow, trigger_type: ReplanRequest['trigger_type']): ReplanRequest {
  return { time: triggered_at.getTime(), trigger_type, symbol, trigger_details };
}

function costOf({ usage, calls, usd }: ReplanRow): PlanCost | null {
  return usage === null || calls === null ? null : { usage, calls, usd };
}
