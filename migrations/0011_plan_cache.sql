-- What a language model answered, word for word, under everything that the answer depends on: a run that is replayed reads it here and
-- asks nobody. An answer is never changed; only one that never came gives way to one that did.
create table plan_cache (
  -- SHA-256 of what follows, up to the request, and of the client's major version.
  key          text        primary key check (key ~ '^[0-9a-f]{64}$'),
  model        text        not null,
  prompt_hash  text        not null,
  schema_hash  text        not null,
  -- Names one of several recordings of the same questions.
  take         text        not null default '',
  -- As text: jsonb refuses characters that a model may have written.
  request      json        not null,
  -- As the server sent it, of whatever status; null where no whole answer came.
  status       integer,
  content_type text,
  body         text        not null,
  request_id   text,
  -- Why no whole answer came.
  failure      text,
  kept_at      timestamptz not null default now(),
  check ((status is null) = (failure is not null))
);

create index plan_cache_by_prompt on plan_cache (model, prompt_hash, kept_at);
