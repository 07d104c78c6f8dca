-- Commands and buttons that somebody gave the bot, from the moment it acknowledged them until they had their answer. A bot that dies in
-- between leaves its row unanswered, and another bot says so in its place.
create table pressed_interactions (
  interaction_id text        primary key,
  application_id text        not null,
  -- With it the reply can be written for 15 minutes. It goes with the answer.
  token          text,
  guild_id       text        not null,
  channel_id     text        not null,
  user_id        text        not null,
  kind           text        not null check (kind in ('command', 'button')),
  -- As it was typed, or the caption of the button.
  asked          text        not null,
  pressed_at     timestamptz not null,
  -- Until when somebody vouches for an answer.
  leased_until   timestamptz not null,
  -- Nobody vouched for it any more: from then on nothing may be started for it.
  given_up_at    timestamptz,
  answered_at    timestamptz,
  check ((answered_at is null) = (token is not null))
);

create index pressed_unanswered on pressed_interactions (leased_until) where answered_at is null;
create index pressed_answered on pressed_interactions (answered_at) where answered_at is not null;
