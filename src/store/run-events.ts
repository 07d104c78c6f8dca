import { type EngineEvent, REPLAN_TRIGGERS, type ReplanTrigger, type WalkAwayEvent } from '../engine/result.ts';
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

/** How often each trigger fired in one run, as it is kept beside the result; of those that fired at all. */
export function tallyReplans(events: readonly EngineEvent[]): readonly ReplanCount[] {
  return REPLAN_TRIGGERS.flatMap((trigger) => {
    const fired = events.filter(({ trigger_type }) => trigger_type === trigger);
    const requested = fired.filter(({ kind }) => kind === 'replan_requested').length;
    const suppressed = fired.filter(({ kind }) => kind === 'replan_suppressed').length;
    return requested + suppressed === 0 ? [] : [{ trigger, requested, suppressed }];
  });
}

export async function countWalkAways(db: Db, guildId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select coalesce(sum(days), 0)::integer as count
       from runs, ${WALKED}
      where guild_id = $1`,
    [guildId],
  );
  return rows[0]?.count ?? 0;
}

/** Those of the newest run first, and of a run the latest first. */
export async function listWalkAways(db: Db, { guildId, offset, limit }: Page): Promise<readonly ListedWalkAway[]> {
  const { rows } = await db.query<ListedWalkAway>(
    `with counted as (
       select id, days as happened, sum(days) over (order by created_at desc, id) as upto
         from runs, ${WALKED}
        where guild_id = $1 and days is not null
     ), ${ON_PAGE}
     select "runId", symbols, timeframe,
            (extract(epoch from triggered_at) * 1000)::float8 as "atMs",
            trigger_type                                      as trigger,
            daily_return_pct                                  as "dailyReturnPct",
            trades_today                                      as "tradesToday",
            counterfactual_return_pct                         as "counterfactualPct"
       from on_page
       join walk_away_events on run_id = "runId"
      order by skipped, ordinal desc
      ${SLICE}`,
    [guildId, limit, offset],
  );
  return rows;
}

/** The triggers that fired at all, in no order. */
export async function countReplans(db: Db, guildId: string): Promise<readonly ReplanCount[]> {
  const { rows } = await db.query<ReplanCount>(
    `select trigger, sum(requested)::integer as requested, sum(suppressed)::integer as suppressed
       from runs, ${FIRED}
      where guild_id = $1
      group by trigger`,
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
    `with counted as (
       select id, sum(requested + suppressed) as happened, sum(sum(requested + suppressed)) over (order by created_at desc, id) as upto
         from runs, ${FIRED}
        where guild_id = $1 and ($4::text is null or trigger = $4)
        group by id
     ), ${ON_PAGE}
     select "runId", symbols, timeframe,
            (event->>'time')::float8 as "atMs",
            event->>'trigger_type'   as trigger,
            event->>'symbol'         as symbol,
            event->'trigger_details' as details,
            event->>'reason'         as "heldBackBy"
       from on_page
       join runs on id = "runId",
            jsonb_path_query(result, ${REPLANS}) with ordinality as told (event, place)
      where $4::text is null or event->>'trigger_type' = $4
      order by skipped, place desc
      ${SLICE}`,
    [guildId, limit, offset, trigger],
  );
  return rows;
}

// Ordinals leave no gap: the last one tells how many there are, and the others need not be read.
const WALKED = `lateral (select max(ordinal) + 1 as days from walk_away_events where run_id = runs.id) as walked`;

const FIRED = `jsonb_to_recordset(replan_counts) as fired (trigger text, requested integer, suppressed integer)`;

// How much happened in each run tells which runs the page lies in. Only theirs is read, wherever the page is.
const ON_PAGE = `on_page as (
       select id as "runId", upto - happened as skipped,
              coalesce(request->'symbols', '[]'::jsonb) as symbols, coalesce(request->'timeframes'->>0, '') as timeframe
         from counted
         join runs using (id)
        where upto > $3 and upto - happened < $3::bigint + $2
     )`;

const SLICE = `limit $2 offset $3 - (select min(skipped) from on_page)`;

const REPLANS = `'$.events[*] ? (@.kind == "replan_requested" || @.kind == "replan_suppressed")'`;
