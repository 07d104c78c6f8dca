-- What has been fetched of a series from an exchange, in joined ranges of open times (ms UTC, half-open). Bars that are missing inside a
-- range are missing at the exchange and are not asked for again.
create table fetched_ranges (
  source    text   not null,
  symbol    text   not null,
  timeframe text   not null,
  from_ms   bigint not null,
  to_ms     bigint not null,
  check (from_ms < to_ms),
  primary key (source, symbol, timeframe, from_ms)
);
