import type { Timeframe } from '../engine/bar.ts';
import { LOCAL_GUILD } from '../engine/run-spec.ts';
import type { Db, Tx } from './transaction.ts';

type Imported = { readonly guildId: string; readonly source: string; readonly symbol: string };

/** Notes that a guild has imported bars. Importing the same file again makes it the newest. */
export async function recordCandleImport(
  tx: Tx,
  { guildId, source, symbol, timeframe }: Imported & { readonly timeframe: Timeframe },
): Promise<void> {
  await record(tx, [guildId, 'candles', source, symbol, timeframe]);
}

export async function recordFundingImport(tx: Tx, { guildId, source, symbol }: Imported): Promise<void> {
  await record(tx, [guildId, 'funding', source, symbol, null]);
}

type Wanted = { readonly guildId: string; readonly symbol: string };

/** The source of the guild's newest imported bars of that symbol and timeframe, else of the terminal's; null without any. */
export async function findImportedCandles(
  db: Db,
  { guildId, symbol, timeframe }: Wanted & { readonly timeframe: Timeframe },
): Promise<string | null> {
  return findNewest(db, [guildId, LOCAL_GUILD, 'candles', symbol, timeframe]);
}

export async function findImportedFunding(db: Db, { guildId, symbol }: Wanted): Promise<string | null> {
  return findNewest(db, [guildId, LOCAL_GUILD, 'funding', symbol, null]);
}

async function record(tx: Tx, row: readonly (string | null)[]): Promise<void> {
  await tx.query(
    `insert into imports (guild_id, kind, source, symbol, timeframe)
     values ($1, $2, $3, $4, $5)
         on conflict (guild_id, kind, source, symbol) do update set imported_at = excluded.imported_at`,
    [...row],
  );
}

async function findNewest(db: Db, wanted: readonly (string | null)[]): Promise<string | null> {
  const { rows } = await db.query<{ readonly source: string }>(
    `select source
       from imports
      where guild_id in ($1, $2) and kind = $3 and symbol = $4 and timeframe is not distinct from $5
      order by guild_id = $1 desc, imported_at desc
      limit 1`,
    [...wanted],
  );
  return rows[0]?.source ?? null;
}
