-- An answer of the model stays for good. Anything else that came – an error, a page, an answer that broke off – gives way to the next
-- answer to the same question, as one that never came did before.
alter table plan_cache add column usable boolean;
update plan_cache
   set usable = failure is null and status < 300 and body ~ '"type"\s*:\s*"message"' and body !~ '"status"\s*:\s*"(incomplete|failed)"';
alter table plan_cache alter column usable set not null,
                       add check (failure is null or not usable);

-- Of what a plan cost, what was paid when this run was planned, the rest being on record; and the day of the prices. Null where a run was
-- planned before they were written down.
alter table replan_events add column paid_usd     double precision,
                          add column prices_as_of date,
                          add check (usage is not null or (paid_usd is null and prices_as_of is null));
