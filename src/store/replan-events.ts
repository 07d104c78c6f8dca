import type { PlanCause, PlanCost, PlanRecord, TokenUsage } from '../engine/plan-record.ts';
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
    paid_usd: cost?.paidUsd ?? null,
    prices_as_of: cost?.pricesAsOf ?? null,
  }));
  await tx.query(
    `insert into replan_events (run_id, ordinal, triggered_at, trigger_type, symbol, trigger_details, origin, planner, market,
                                plan_hash, dropped, findings, troubles, usage, calls, usd, paid_usd, prices_as_of)
     select $1, ordinal, at, trigger_type, symbol, trigger_details, origin, planner, market, plan_hash, dropped, findings,
            troubles, usage, calls, usd, paid_usd, prices_as_of
       from jsonb_to_recordset($2) as planned (ordinal integer, at timestamptz, trigger_type text, symbol text, trigger_details jsonb,
                                               origin text, planner text, market jsonb, plan_hash text, dropped jsonb,
                                               findings jsonb, troubles jsonb, usage jsonb, calls integer, usd double precision,
                                               paid_usd double precision, prices_as_of date)`,
    // PostgreSQL has no NUL in its texts.
    [runId, JSON.stringify(rows).replaceAll('\\u0000', '\\ufffd')],
  );
}

/** In the order of the run; none where nobody planned it. Whoever shows it to people must check the guild of the run. */
export async function listReplanEvents(db: Db, runId: string): Promise<readonly PlanRecord[]> {
  const { rows } = await db.query<ReplanRow>(
    `select triggered_at, trigger_type, symbol, trigger_details, origin, planner, market, plan_hash, dropped, findings, troubles, usage,
            calls, usd, paid_usd, to_char(prices_as_of, 'YYYY-MM-DD') as prices_as_of
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
  readonly trigger_type: PlanCause['trigger_type'] | typeof FIRST_PLAN;
  readonly symbol: string | null;
  readonly trigger_details: PlanCause['trigger_details'];
  readonly plan_hash: string | null;
  readonly usage: TokenUsage | null;
  readonly calls: number | null;
  readonly usd: number | null;
  readonly paid_usd: number | null;
  readonly prices_as_of: string | null;
};

function requestOf({ triggered_at, symbol, trigger_details }: ReplanRow, trigger_type: PlanCause['trigger_type']): PlanCause {
  // As it was written: the kind of a request says what its details are.
  return { time: triggered_at.getTime(), trigger_type, symbol, trigger_details } as PlanCause;
}

function costOf({ usage, calls, usd, paid_usd, prices_as_of }: ReplanRow): PlanCost | null {
  return usage === null || calls === null ? null : { usage, calls, usd, paidUsd: paid_usd, pricesAsOf: prices_as_of };
}
