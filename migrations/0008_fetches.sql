-- Bars that somebody asked to be fetched from an exchange, and what came of it. Its life is that of a run; what is kept of the bars
-- themselves stands in fetched_ranges, so that a fetch that is begun again goes on.
create table fetches (
  id           uuid             primary key,
  guild_id     text             not null,
  channel_id   text,
  requested_by text,
  state        text             not null default 'queued'
                                check (state in ('queued', 'running', 'done', 'refused', 'failed', 'cancelled')),
  exchange     text             not null,
  symbol       text             not null,
  timeframe    text             not null,
  instrument   text             not null check (instrument in ('perpetual', 'spot')),
  -- Open times, ms UTC, half-open.
  start_ms     bigint           not null,
  end_ms       bigint           not null check (end_ms > start_ms),
  -- How much of the range is kept, and how many bars of it were not kept before the fetch; written with each page of bars.
  progress     double precision not null default 0 check (progress between 0 and 1),
  new_bars     bigint           not null default 0 check (new_bars >= 0),
  -- Which market it turned out to be, for people, and whether its funding was to be had.
  market       text,
  has_funding  boolean,
  error        text,
  cancelled_by text,
  created_at   timestamptz      not null default now(),
  started_at   timestamptz,
  finished_at  timestamptz,
  check ((state = 'done') = (market is not null and has_funding is not null)),
  check ((state in ('refused', 'failed')) = (error is not null)),
  check ((state = 'cancelled') = (cancelled_by is not null)),
  check ((state in ('queued', 'running')) = (finished_at is null))
);

create index fetches_waiting on fetches (created_at, id) where state = 'queued';
create index fetches_unfinished on fetches (created_at) where state in ('queued', 'running');

-- As run_replies.
create table fetch_replies (
  fetch_id       uuid        primary key references fetches (id) on delete cascade,
  application_id text        not null,
  token          text        not null,
  replied_at     timestamptz not null
);
