-- The sweep and the gauges look for runs that have not ended, again and again.
create index runs_unfinished on runs (created_at) where state in ('queued', 'running');
