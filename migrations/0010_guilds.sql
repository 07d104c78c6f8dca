-- What a group has set up for itself. A group without a row has the defaults.
create table guilds (
  guild_id       text        primary key,
  -- Who may ask for work and change settings; null: everybody who sees the channel.
  trader_role_id text,
  -- Who may do what admins may, beside those who manage the server.
  admin_role_id  text,
  -- Of times in texts that Discord does not show in the reader's own: an IANA name.
  time_zone      text        not null default 'UTC',
  -- Counts the changes of the settings, so that a form that was opened before one can be told of it.
  revision       integer     not null default 0,
  created_at     timestamptz not null default now()
);

-- The parameters that a group has set. A parameter without a row is not set, which is neither 0 nor null.
create table guild_settings (
  guild_id text        not null references guilds,
  name     text        not null,
  value    jsonb       not null,
  set_by   text        not null,
  set_at   timestamptz not null default now(),
  primary key (guild_id, name)
);

-- Every change of them, with the revision it made. SQL null is "not set"; the JSON null is a value.
create table setting_changes (
  guild_id   text        not null references guilds,
  revision   integer     not null,
  name       text        not null,
  from_value jsonb,
  to_value   jsonb,
  changed_by text        not null,
  changed_at timestamptz not null default now(),
  primary key (guild_id, revision, name)
);

-- Named overrides of a group's own.
create table guild_presets (
  guild_id    text        not null references guilds,
  name        text        not null check (name ~ '^[a-z0-9][a-z0-9-]{0,31}$'),
  description text        not null check (length(description) <= 200),
  overrides   jsonb       not null,
  saved_by    text        not null,
  saved_at    timestamptz not null default now(),
  primary key (guild_id, name)
);

-- Who did what. Nothing is ever changed or taken away here.
create table audit_entries (
  id       bigint      generated always as identity primary key,
  guild_id text        not null,
  user_id  text        not null,
  at       timestamptz not null default now(),
  -- One word of the code, e.g. settings-changed.
  action   text        not null,
  -- What it was about, in words for people.
  told     text        not null
);

create index audit_of_guild on audit_entries (guild_id, id desc);
