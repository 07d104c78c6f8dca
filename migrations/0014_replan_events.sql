-- Each plan that a run was given or asked for, in the order of the run: what asked, with its numbers, who answered, and what came. The
-- plan itself stands in the run's result, under the same hash. Written once, with the result.
create table replan_events (
  run_id          uuid             not null references runs (id) on delete cascade,
  ordinal         integer          not null check (ordinal >= 0),
  -- The close at which it was asked for; of the first plan, the open of the first bar.
  triggered_at    timestamptz      not null,
  trigger_type    text             not null
                                   check (trigger_type in ('first_plan', 'volatility_spike', 'drawdown', 'support_break',
                                                           'resistance_break', 'scheduled')),
  -- Null where it is about all symbols.
  symbol          text,
  trigger_details jsonb            not null,
  origin          text             not null check (origin in ('model', 'rules', 'kept', 'none')),
  planner         text             not null,
  -- Closes, ATRs and costs as they were then, by which distances are told.
  market          jsonb            not null,
  -- Null where the plan in force went on.
  plan_hash       text             check (plan_hash ~ '^[0-9a-f]{64}$'),
  dropped         jsonb            not null,
  findings        jsonb            not null,
  troubles        jsonb            not null,
  -- All null where nothing was paid for; usd also where the price is not known.
  usage           jsonb,
  calls           integer,
  usd             double precision,
  primary key (run_id, ordinal),
  check ((origin = 'kept') = (plan_hash is null)),
  check ((usage is null) = (calls is null)),
  check (usage is not null or usd is null)
);
