import type { Timeframe } from '../engine/bar.ts';
import { LOCAL_GUILD } from '../engine/run-spec.ts';
import type { Coverage } from './candles.ts';
import type { Db } from './transaction.ts';

/** Bars that a guild's backtests may run on. */
export type KeptSeries = Coverage & {
  readonly source: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** Imported by the guild itself, in the terminal for everybody, or fetched from an exchange. */
  readonly origin: 'guild' | 'terminal' | 'exchange';
  readonly hasFunding: boolean;
};

type Page = { readonly guildId: string; readonly offset: number; readonly limit: number };

/** What is kept for a guild: its own imports, those of the terminal, and what was fetched from exchanges; nothing of other guilds. */
export async function listKeptSeries(db: Db, { guildId, offset, limit }: Page): Promise<readonly KeptSeries[]> {
  const { rows } = await db.query<KeptRow>(
    `${VISIBLE}
     select source, symbol, timeframe, origin, kept.*,
            exists (select
                      from imports rates
                     where rates.kind = 'funding' and rates.symbol = visible.symbol and rates.guild_id in ($1, $2))
            or exists (select from funding where funding.source = visible.source and funding.symbol = visible.symbol) as has_funding
       from visible
      cross join lateral (
        select sum(bar_count)::float8                                                                        as bars,
               (select substring(columns from 1 for 8)
                  from candles
                 where source = visible.source and symbol = visible.symbol and timeframe = visible.timeframe
                 order by day limit 1)                                                                       as first,
               (select substring(columns from bar_count * 8 - 7 for 8)
                  from candles
                 where source = visible.source and symbol = visible.symbol and timeframe = visible.timeframe
                 order by day desc limit 1)                                                                  as last
          from candles
         where source = visible.source and symbol = visible.symbol and timeframe = visible.timeframe
      ) kept
      where kept.bars is not null
      order by symbol, timeframe, source
      limit $3 offset $4`,
    [guildId, LOCAL_GUILD, limit, offset],
  );
  return rows.map(({ first, last, has_funding, ...row }) => ({
    ...row,
    hasFunding: has_funding,
    firstOpenMs: first.readDoubleLE(),
    lastOpenMs: last.readDoubleLE(),
  }));
}

export async function countKeptSeries(db: Db, guildId: string): Promise<number> {
  const { rows } = await db.query<{ series: number }>(`${VISIBLE} select count(*)::integer as series from visible`, [guildId, LOCAL_GUILD]);
  return rows[0]?.series ?? 0;
}

/** Every symbol of which bars are kept for a guild, in the order of the alphabet. */
export async function listKeptSymbols(db: Db, guildId: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ symbol: string }>(`${VISIBLE} select distinct symbol from visible order by symbol`, [
    guildId,
    LOCAL_GUILD,
  ]);
  return rows.map(({ symbol }) => symbol);
}

/** When the newest bar kept for a guild opened; null when none is kept. */
export async function findNewestBarMs(db: Db, guildId: string): Promise<number | null> {
  const { rows } = await db.query<{ last: Buffer }>(
    `${VISIBLE}
     select substring(columns from bar_count * 8 - 7 for 8) as last
       from visible
       join candles using (source, symbol, timeframe)
      order by day desc, timeframe
      limit 20`,
    [guildId, LOCAL_GUILD],
  );
  return rows.length === 0 ? null : Math.max(...rows.map(({ last }) => last.readDoubleLE()));
}

/** $1 is the guild, $2 the terminal's. */
const VISIBLE = `with visible as (
       select source, symbol, timeframe, case when bool_or(guild_id = $1) and $1 <> $2 then 'guild' else 'terminal' end as origin
         from imports
        where kind = 'candles' and guild_id in ($1, $2)
        group by source, symbol, timeframe
        union all
       select distinct source, symbol, timeframe, 'exchange'
         from candles
        where starts_with(source, 'ccxt:')
     )`;

type KeptRow = Omit<KeptSeries, 'hasFunding' | 'firstOpenMs' | 'lastOpenMs'> & {
  readonly first: Buffer;
  readonly last: Buffer;
  readonly has_funding: boolean;
};
