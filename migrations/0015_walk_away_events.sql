-- Each day that a run walked away from, in the order of the run. Written once, with the result.
create table walk_away_events (
  id                        bigint           generated always as identity primary key,
  run_id                    uuid             not null references runs (id) on delete cascade,
  ordinal                   integer          not null check (ordinal >= 0),
  -- What walked away: of a backtest, the run.
  session_id                text             not null generated always as (run_id::text) stored,
  -- The close that reached the day's target or limit.
  triggered_at              timestamptz      not null,
  trigger_type              text             not null check (trigger_type in ('profit_target', 'loss_limit')),
  daily_return_pct          double precision not null,
  trades_today              integer          not null check (trades_today >= 0),
  equity_at_trigger         double precision not null,
  -- What the day would have ended at without the rule; null while the day goes on.
  counterfactual_return_pct double precision,
  unique (run_id, ordinal)
);

insert into walk_away_events (run_id, ordinal, triggered_at, trigger_type, daily_return_pct, trades_today, equity_at_trigger,
                              counterfactual_return_pct)
select runs.id, place - 1, to_timestamp((event->>'timestamp')::float8 / 1000), event->>'trigger', (event->>'daily_return_pct')::float8,
       (event->>'trades_today')::integer, (event->>'equity_at_trigger')::float8, (event->>'counterfactual_return_pct')::float8
  from runs,
       jsonb_path_query(result, '$.summary.walk_away_events[*]') with ordinality as happened (event, place)
 order by runs.created_at, runs.id, place;

alter table replan_events add column id bigint generated always as identity unique;
-- What was planned for, in the same words.
alter table replan_events add column session_id text not null generated always as (run_id::text) stored;

-- How often each trigger of the monitor fired in the run, beside the result, which is too long to be read for a number.
alter table runs add column replan_counts jsonb;

update runs
   set replan_counts = (select coalesce(jsonb_agg(counted), '[]'::jsonb)
                          from (select event->>'trigger_type'                                       as trigger,
                                       count(*) filter (where event->>'kind' = 'replan_requested')  as requested,
                                       count(*) filter (where event->>'kind' = 'replan_suppressed') as suppressed
                                  from jsonb_path_query(result, '$.events[*] ? (@.kind == "replan_requested" || @.kind == "replan_suppressed")') as event
                                 group by 1) as counted)
 where state = 'done';

alter table runs add constraint runs_replan_counts_check check ((state = 'done') = (replan_counts is not null));

-- The order of every list of runs, whole, so that a page is where reading stops.
drop index runs_of_guild;
create index runs_of_guild on runs (guild_id, created_at desc, id);
