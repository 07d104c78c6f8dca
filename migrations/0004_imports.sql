-- Which imported files a guild may run on. The bars and rates themselves lie in candles and funding under the same source, which
-- names the file and its content. What was imported in the terminal belongs to the guild 'local' and serves every guild.
create table imports (
  guild_id    text        not null,
  kind        text        not null check (kind in ('candles', 'funding')),
  source      text        not null,
  symbol      text        not null,
  timeframe   text        check ((timeframe is null) = (kind = 'funding')),
  imported_at timestamptz not null default clock_timestamp(),
  primary key (guild_id, kind, source, symbol)
);
