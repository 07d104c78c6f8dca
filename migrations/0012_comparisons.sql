-- Variants of one base that somebody wants beside each other, and what came of it. Its life is that of a run. The runs themselves are
-- written with the end of the comparison, under the ids that were chosen when it was asked for, so that a comparison that is begun again
-- has the same.
create table comparison_runs (
  id              uuid        primary key,
  guild_id        text        not null,
  channel_id      text,
  requested_by    text,
  state           text        not null default 'queued'
                              check (state in ('queued', 'running', 'done', 'refused', 'failed', 'cancelled')),
  -- The base as a run is asked for, and what each variant has otherwise.
  request         jsonb       not null,
  base_run_id     uuid        not null,
  variant_run_ids uuid[]      not null,
  -- One for each variant, for people.
  labels          text[]      not null,
  -- Metric → a value per variant.
  summary         jsonb,
  -- How near each variant came to liquidation; the JSON null where that is no question.
  ladder          jsonb,
  notes           text[],
  error           text,
  cancelled_by    text,
  created_at      timestamptz not null default now(),
  started_at      timestamptz,
  finished_at     timestamptz,
  check (cardinality(variant_run_ids) = cardinality(labels)),
  check ((state = 'done') = (summary is not null and ladder is not null and notes is not null)),
  check ((state in ('refused', 'failed')) = (error is not null)),
  check ((state = 'cancelled') = (cancelled_by is not null)),
  check ((state in ('queued', 'running')) = (finished_at is null))
);

create index comparisons_waiting on comparison_runs (created_at, id) where state = 'queued';
create index comparisons_unfinished on comparison_runs (created_at) where state in ('queued', 'running');

-- As run_replies.
create table comparison_replies (
  comparison_id  uuid        primary key references comparison_runs (id) on delete cascade,
  application_id text        not null,
  token          text        not null,
  replied_at     timestamptz not null
);
