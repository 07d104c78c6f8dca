import type { ComparedRun } from '../engine/compared-run.ts';
import type { ComparisonOutcome } from '../engine/comparison-outcome.ts';
import { type AskedComparison, comparisonSpecSchema, runsOf } from '../engine/comparison-spec.ts';
import type { PlanRecord } from '../engine/plan-record.ts';
import { insertReplanEvents } from './replan-events.ts';
import { decodeEquity, finishRun, insertRun } from './runs.ts';
import type { Db, Tx } from './transaction.ts';
import { WORK_ROWS, type WorkOutcome } from './work-rows.ts';

export type NewComparison = Pick<WorkOutcome, 'guildId' | 'channelId' | 'requestedBy'> & {
  readonly id: string;
  readonly request: AskedComparison;
  readonly baseRunId: string;
  readonly variantRunIds: readonly string[];
};

/** What is kept of a comparison beside its runs. */
export type ComparisonResult = Pick<ComparisonOutcome, 'summary' | 'ladder' | 'notes'>;

export type StoredComparison = Omit<NewComparison, 'request'> &
  WorkOutcome & {
    /** As it was stored. */
    readonly request: unknown;
    readonly labels: readonly string[];
    /** Present when the comparison is done. */
    readonly result: ComparisonResult | null;
    readonly createdAtMs: number;
    readonly startedAtMs: number | null;
    readonly finishedAtMs: number | null;
  };

export async function insertComparison(tx: Tx, comparison: NewComparison): Promise<void> {
  const { id, guildId, channelId, requestedBy, request, baseRunId, variantRunIds } = comparison;
  await tx.query(
    `insert into comparison_runs (id, guild_id, channel_id, requested_by, request, base_run_id, variant_run_ids, labels)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, guildId, channelId, requestedBy, JSON.stringify(request), baseRunId, variantRunIds, request.labels],
  );
}

export type EndedComparison = {
  readonly outcome: ComparisonOutcome;
  /** Who planned the base, whose plans every variant follows; none where nobody did. */
  readonly records: readonly PlanRecord[];
};

/**
 * Ends a comparison with its runs: the base and every variant are runs of their own from then on. Returns false, and writes nothing, when
 * it has ended already.
 */
export async function finishComparison(tx: Tx, { id, outcome, records }: EndedComparison & { readonly id: string }): Promise<boolean> {
  const { summary, ladder, notes, base, variants } = outcome;
  const { rows } = await tx.query<ComparisonRow>(
    `update comparison_runs
        set state = 'done', finished_at = now(), started_at = coalesce(started_at, now()), summary = $2, ladder = $3, notes = $4
      where id = $1 and state in ('queued', 'running')
  returning ${COLUMNS}`,
    [id, JSON.stringify(summary), JSON.stringify(ladder), notes],
  );
  const [row] = rows;
  if (row === undefined) return false;
  const { guildId, channelId, requestedBy, request, baseRunId, variantRunIds } = toComparison(row);
  const runIds = [baseRunId, ...variantRunIds];
  const results = [base, ...variants];
  for (const [index, run] of runsOf(comparisonSpecSchema.parse(request)).entries()) {
    const [runId, result] = [runIds[index], results[index]];
    if (runId === undefined || result === undefined) throw new Error(`Comparison ${id} has no run for its variant ${index}`);
    await insertRun(tx, { id: runId, guildId, channelId, requestedBy, request: run });
    await finishRun(tx, { id: runId, result });
  }
  if (records.length > 0) await insertReplanEvents(tx, { runId: baseRunId, startMs: base.data.start, records });
  return WORK_ROWS.comparison.announceEnd(tx, id, rows.length);
}

/** A comparison of this guild; null when there is none, or when it belongs to another. */
export async function findComparison(
  db: Db,
  { id, guildId }: { readonly id: string; readonly guildId: string },
): Promise<StoredComparison | null> {
  const { rows } = await db.query<ComparisonRow>(
    `select ${COLUMNS}
       from comparison_runs
      where id = $1 and guild_id = $2`,
    [id, guildId],
  );
  return rows[0] === undefined ? null : toComparison(rows[0]);
}

/** A comparison as a line of a list: what it is about and where it is. */
export type ListedComparison = Pick<StoredComparison, 'id' | 'state' | 'labels' | 'createdAtMs'> & {
  readonly symbols: readonly string[];
  /** The base timeframe. */
  readonly timeframe: string;
};

type Prefix = { readonly guildId: string; readonly prefix: string; readonly limit: number };

/** The comparisons of a guild whose id begins so, newest first; with nothing all of them. */
export async function findComparisonsByPrefix(db: Db, { guildId, prefix, limit }: Prefix): Promise<readonly ListedComparison[]> {
  const { rows } = await db.query<ListedRow>(
    `select id, state, labels, created_at,
            coalesce(request->'base'->'symbols', '[]'::jsonb) as symbols,
            coalesce(request->'base'->'timeframes'->>0, '')   as timeframe
       from comparison_runs
      where guild_id = $1 and starts_with(id::text, $2)
      order by created_at desc, id
      limit $3`,
    [guildId, prefix, limit],
  );
  return rows.map(({ created_at, ...listed }) => ({ ...listed, createdAtMs: created_at.getTime() }));
}

type ListedRow = Omit<ListedComparison, 'createdAtMs'> & { readonly created_at: Date };

/** The base of the comparison that a run is a variant of; null where it is none. Whoever shows it to people must check the guild of the run. */
export async function findBaseRun(db: Db, variantRunId: string): Promise<string | null> {
  const { rows } = await db.query<{ base_run_id: string }>(
    `select base_run_id
       from comparison_runs
      where variant_run_ids @> array[$1::uuid]`,
    [variantRunId],
  );
  return rows[0]?.base_run_id ?? null;
}

type OfGuild = { readonly runIds: readonly string[]; readonly guildId: string };

/** What a comparison shows of finished runs of the guild, by their ids; their trades and events stay where they are. */
export async function readComparedRuns(db: Db, { runIds, guildId }: OfGuild): Promise<ReadonlyMap<string, ComparedRun>> {
  const { rows } = await db.query<ComparedRow>(
    `select id, result_hash, result->'summary' as summary, result->'settings' as settings, result->'data' as data,
            result->'evidence' as evidence, result->'remarks' as remarks, equity,
            jsonb_path_query_array(result->'trades', '$[*] ? (@.exit_reason == "liquidation").exit_time') as liquidation_times
       from runs
      where id = any($1) and guild_id = $2 and state = 'done'`,
    [runIds, guildId],
  );
  return new Map(
    rows.map(({ id, equity, liquidation_times, ...run }) => [
      id,
      { ...run, equity: decodeEquity(equity), liquidationTimesMs: liquidation_times },
    ]),
  );
}

type ComparedRow = Omit<ComparedRun, 'equity' | 'liquidationTimesMs'> & {
  readonly id: string;
  readonly equity: Buffer;
  readonly liquidation_times: readonly number[];
};

const COLUMNS = `id, guild_id, channel_id, requested_by, state, request, base_run_id, variant_run_ids, labels, summary, ladder, notes, error,
            cancelled_by, created_at, started_at, finished_at`;

type ComparisonRow = Pick<StoredComparison, 'id' | 'state' | 'request' | 'labels' | 'error'> & {
  readonly guild_id: string;
  readonly channel_id: string | null;
  readonly requested_by: string | null;
  readonly base_run_id: string;
  readonly variant_run_ids: readonly string[];
  readonly summary: ComparisonResult['summary'] | null;
  readonly ladder: ComparisonResult['ladder'];
  readonly notes: readonly string[] | null;
  readonly cancelled_by: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
};

function toComparison(row: ComparisonRow): StoredComparison {
  const { id, state, request, labels, error, summary, ladder, notes } = row;
  return {
    ...{ id, state, request, labels, error },
    guildId: row.guild_id,
    channelId: row.channel_id,
    requestedBy: row.requested_by,
    baseRunId: row.base_run_id,
    variantRunIds: row.variant_run_ids,
    result: summary === null || notes === null ? null : { summary, ladder, notes },
    cancelledBy: row.cancelled_by,
    createdAtMs: row.created_at.getTime(),
    startedAtMs: row.started_at?.getTime() ?? null,
    finishedAtMs: row.finished_at?.getTime() ?? null,
  };
}
