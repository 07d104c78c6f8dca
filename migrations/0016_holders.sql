-- Each process that takes rows for a while draws a number and locks it (an advisory lock) on a connection of its own: when the process is
-- gone its connection is, and with it the lock, so that another takes the rows over at once and waits for no lease.
create sequence holders as integer cycle;

-- Null where the lease alone says whose the row is.
alter table outbox add column held_by integer;
alter table pressed_interactions add column held_by integer;
