import type { WalkAwayEvent } from '../engine/result.ts';
import type { Tx } from './transaction.ts';

type WalkedAway = {
  readonly runId: string;
  /** In the order of the run. */
  readonly events: readonly WalkAwayEvent[];
};

/** Writes down the days that a run walked away from. Its rows are written once: a second write of the same run is refused by their key. */
export async function insertWalkAwayEvents(tx: Tx, { runId, events }: WalkedAway): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ timestamp, trigger, ...told }, ordinal) => ({
    ...told,
    ordinal,
    triggered_at: new Date(timestamp).toISOString(),
    trigger_type: trigger,
  }));
  await tx.query(
    `insert into walk_away_events (run_id, ordinal, triggered_at, trigger_type, daily_return_pct, trades_today, equity_at_trigger,
                                   counterfactual_return_pct)
     select $1, ordinal, triggered_at, trigger_type, daily_return_pct, trades_today, equity_at_trigger, counterfactual_return_pct
       from jsonb_to_recordset($2) as walked (ordinal integer, triggered_at timestamptz, trigger_type text,
                                              daily_return_pct double precision, trades_today integer,
                                              equity_at_trigger double precision, counterfactual_return_pct double precision)`,
    [runId, JSON.stringify(rows)],
  );
}
