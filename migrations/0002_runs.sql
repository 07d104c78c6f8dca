-- One backtest that was asked for, and what came of it.
create table runs (
  id             uuid primary key,
  guild_id       text        not null,
  channel_id     text,
  requested_by   text,
  state          text        not null default 'queued' check (state in ('queued', 'running', 'done', 'refused', 'failed')),
  request        jsonb       not null,
  input_hash     text,
  result_hash    text,
  engine_version text,
  -- The result without its equity, which is kept apart as pairs of float64, little-endian: time (ms), equity.
  result         jsonb,
  equity         bytea,
  error          text,
  created_at     timestamptz not null default now(),
  started_at     timestamptz,
  finished_at    timestamptz,
  check ((state = 'done') = (result is not null and equity is not null and result_hash is not null)),
  check ((state in ('refused', 'failed')) = (error is not null)),
  check ((state in ('queued', 'running')) = (finished_at is null))
);

create index runs_of_guild on runs (guild_id, created_at desc);
