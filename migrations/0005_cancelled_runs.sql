-- A run may be cancelled by a person, whose Discord id is kept.
alter table runs add column cancelled_by text;
alter table runs drop constraint runs_state_check;
alter table runs add constraint runs_state_check
  check (state in ('queued', 'running', 'done', 'refused', 'failed', 'cancelled'));
alter table runs add constraint runs_cancelled_check
  check ((state = 'cancelled') = (cancelled_by is not null));

create index runs_waiting on runs (created_at, id) where state = 'queued';

-- Where the reply is that shows how far a run is, so that another process can go on with it. Whoever holds the token may edit the
-- reply for 15 minutes after it was asked for; then the row is of no use and goes.
create table run_replies (
  run_id         uuid        primary key references runs (id) on delete cascade,
  application_id text        not null,
  token          text        not null,
  replied_at     timestamptz not null
);
