import type { ReplanTrigger, WalkAwayEvent } from '../engine/result.ts';
import type { Db } from './transaction.ts';

/** Of which run something is told; the run's own words, read where they are kept. */
type OfRun = {
  readonly runId: string;
  readonly symbols: readonly string[];
  /** The base timeframe. */
  readonly timeframe: string;
};

/** A day of a run that was walked away from. */
export type ListedWalkAway = OfRun & {
  readonly atMs: number;
  readonly trigger: WalkAwayEvent['trigger'];
  readonly dailyReturnPct: number;
  readonly tradesToday: number;
  /** What the day would have ended at without the rule; null while the day goes on. */
  readonly counterfactualPct: number | null;
};

/** A plan that the monitor of a run asked for, or would have asked for. */
export type ListedReplan = OfRun & {
  readonly atMs: number;
  readonly trigger: ReplanTrigger;
  /** Null where it is about all symbols. */
  readonly symbol: string | null;
  readonly details: Readonly<Record<string, number>>;
  /** Why it was held back; null when it was asked for. */
  readonly heldBackBy: 'budget' | 'interval' | null;
};

/** How often a trigger fired in all runs of a guild. */
export type ReplanCount = { readonly trigger: ReplanTrigger; readonly requested: number; readonly suppressed: number };

type Page = { readonly guildId: string; readonly offset: number; readonly limit: number };

export async function countWalkAways(db: Db, guildId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select coalesce(sum(jsonb_array_length(result->'summary'->'walk_away_events')), 0)::integer as count
       from runs
      where guild_id = $1 and result is not null`,
    [guildId],
  );
  return rows[0]?.count ?? 0;
}

/** Those of the newest run first, and of a run the latest first. */
export async function listWalkAways(db: Db, { guildId, offset, limit }: Page): Promise<readonly ListedWalkAway[]> {
  const { rows } = await db.query<ListedWalkAway>(
    `select ${OF_RUN},
            (event->>'timestamp')::float8                 as "atMs",
            event->>'trigger'                             as trigger,
            (event->>'daily_return_pct')::float8          as "dailyReturnPct",
            (event->>'trades_today')::integer             as "tradesToday",
            (event->>'counterfactual_return_pct')::float8 as "counterfactualPct"
       from runs,
            jsonb_array_elements(result->'summary'->'walk_away_events') with ordinality as happened (event, place)
      where guild_id = $1 and result is not null
      order by created_at desc, id, place desc
      limit $2 offset $3`,
    [guildId, limit, offset],
  );
  return rows;
}

/** The triggers that fired at all, in no order. */
export async function countReplans(db: Db, guildId: string): Promise<readonly ReplanCount[]> {
  const { rows } = await db.query<ReplanCount>(
    `select event->>'trigger_type'                                                 as trigger,
            (count(*) filter (where event->>'kind' = 'replan_requested'))::integer  as requested,
            (count(*) filter (where event->>'kind' = 'replan_suppressed'))::integer as suppressed
       from runs,
            jsonb_path_query(result, ${REPLANS}) as event
      where guild_id = $1 and result is not null
      group by 1`,
    [guildId],
  );
  return rows;
}

/** Those of the newest run first, and of a run the latest first; of one trigger, or with null of all. */
export async function listReplans(
  db: Db,
  { guildId, trigger, offset, limit }: Page & { readonly trigger: ReplanTrigger | null },
): Promise<readonly ListedReplan[]> {
  const { rows } = await db.query<ListedReplan>(
    `select ${OF_RUN},
            (event->>'time')::float8 as "atMs",
            event->>'trigger_type'   as trigger,
            event->>'symbol'         as symbol,
            event->'trigger_details' as details,
            event->>'reason'         as "heldBackBy"
       from runs,
            jsonb_path_query(result, ${REPLANS}) with ordinality as happened (event, place)
      where guild_id = $1 and result is not null and ($4::text is null or event->>'trigger_type' = $4)
      order by created_at desc, id, place desc
      limit $2 offset $3`,
    [guildId, limit, offset, trigger],
  );
  return rows;
}

const OF_RUN = `id as "runId",
            coalesce(request->'symbols', '[]'::jsonb)      as symbols,
            coalesce(request->'timeframes'->>0, '')        as timeframe`;

const REPLANS = `'$.events[*] ? (@.kind == "replan_requested" || @.kind == "replan_suppressed")'`;
