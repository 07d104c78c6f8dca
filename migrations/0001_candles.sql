-- Bars of one market, one row a day (UTC). "columns" holds six columns of float64, little-endian, one after the other:
-- open time (ms), open, high, low, close, volume.
create table candles (
  source    text    not null,
  symbol    text    not null,
  timeframe text    not null,
  day       date    not null,
  bar_count integer not null check (bar_count > 0),
  columns   bytea   not null check (octet_length(columns) = bar_count * 6 * 8),
  primary key (source, symbol, timeframe, day)
);

-- Prices hardly compress, and parts of a value that is not compressed can be read alone.
alter table candles alter column columns set storage external;

-- Funding of one perpetual, one row a day (UTC), in the same way: time (ms) and rate.
create table funding (
  source     text    not null,
  symbol     text    not null,
  day        date    not null,
  rate_count integer not null check (rate_count > 0),
  columns    bytea   not null check (octet_length(columns) = rate_count * 2 * 8),
  primary key (source, symbol, day)
);

alter table funding alter column columns set storage external;
