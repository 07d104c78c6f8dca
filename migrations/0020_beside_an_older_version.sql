-- A worker of the version before may still be at work while this one starts: what it writes is taken, and counts for less.
alter table plan_cache alter column usable set default false;
alter table runs drop constraint runs_replan_counts_check;
alter table runs add constraint runs_replan_counts_check check (replan_counts is null or state = 'done');

create index comparisons_of_guild on comparison_runs (guild_id, created_at desc, id);
