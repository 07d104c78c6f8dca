import type { RunState } from './runs.ts';
import type { Db } from './transaction.ts';

/** A run as a line of a list: what it is about, where it is, and the numbers people compare. */
export type ListedRun = {
  readonly id: string;
  readonly state: RunState;
  readonly symbols: readonly string[];
  /** The base timeframe. */
  readonly timeframe: string;
  readonly createdAtMs: number;
  /** Net, percent of the cash at the start; null until the run is done. */
  readonly returnPct: number | null;
  readonly trades: number | null;
};

type Page = { readonly guildId: string; readonly offset: number; readonly limit: number };

/** The runs of a guild, newest first. */
export async function listRuns(db: Db, { guildId, offset, limit }: Page): Promise<readonly ListedRun[]> {
  const { rows } = await db.query<ListedRow>(
    `select ${LISTED}
       from runs
      where guild_id = $1
      order by created_at desc, id
      limit $2 offset $3`,
    [guildId, limit, offset],
  );
  return rows.map(toListed);
}

export async function countRuns(db: Db, guildId: string): Promise<number> {
  const { rows } = await db.query<{ runs: number }>(`select count(*)::integer as runs from runs where guild_id = $1`, [guildId]);
  return rows[0]?.runs ?? 0;
}

type Prefix = { readonly guildId: string; readonly prefix: string; readonly limit: number };

/** The runs of a guild whose id begins so, newest first. */
export async function findRunsByPrefix(db: Db, { guildId, prefix, limit }: Prefix): Promise<readonly ListedRun[]> {
  const { rows } = await db.query<ListedRow>(
    `select ${LISTED}
       from runs
      where guild_id = $1 and starts_with(id::text, $2)
      order by created_at desc, id
      limit $3`,
    [guildId, prefix, limit],
  );
  return rows.map(toListed);
}

const LISTED = `id, state, created_at,
            coalesce(request->'symbols', '[]'::jsonb)                     as symbols,
            coalesce(request->'timeframes'->>0, '')                       as timeframe,
            (result->'summary'->>'equity_return_pct')::float8 as return_pct,
            (result->'summary'->>'total_trades')::integer     as trades`;

type ListedRow = {
  readonly id: string;
  readonly state: RunState;
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly created_at: Date;
  readonly return_pct: number | null;
  readonly trades: number | null;
};

function toListed({ id, state, symbols, timeframe, created_at, return_pct, trades }: ListedRow): ListedRun {
  return { id, state, symbols, timeframe, createdAtMs: created_at.getTime(), returnPct: return_pct, trades };
}
