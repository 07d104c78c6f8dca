-- Messages to be delivered to a channel, written in the transaction of what they tell of.
create table outbox (
  id                 uuid primary key,
  ordinal            bigint      not null generated always as identity,
  guild_id           text        not null,
  channel_id         text        not null,
  run_id             uuid        references runs (id) on delete cascade,
  kind               text        not null,
  payload            jsonb       not null,
  state              text        not null default 'pending' check (state in ('pending', 'sending', 'sent', 'failed')),
  attempts           integer     not null default 0,
  next_attempt_at    timestamptz not null default now(),
  -- Until when a row in state sending belongs to the process that took it.
  leased_until       timestamptz,
  -- A sender died, or the answer was lost, after the message may have reached Discord.
  may_have_been_sent boolean  not null default false,
  message_id         text,
  last_error         text,
  created_at         timestamptz not null default now(),
  sent_at            timestamptz,
  check ((state = 'sending') = (leased_until is not null)),
  check ((state = 'sent') = (sent_at is not null))
);

create index outbox_to_deliver on outbox (channel_id, ordinal) where state in ('pending', 'sending');
