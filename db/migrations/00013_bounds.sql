-- +goose Up

-- How much a person or an address may still do, over all API servers: each takes tokens in advance
-- and spends them from memory. What a crash of the database empties is full again.
create unlogged table rate_buckets (
  key text primary key,
  tokens double precision not null,
  -- How many the last fetch got.
  granted integer not null,
  refilled_at timestamptz not null
);
create index rate_buckets_idle on rate_buckets (refilled_at);

-- +goose StatementBegin
create function tokens_now(
  tokens double precision,
  refilled_at timestamptz,
  per_second double precision,
  burst double precision
)
returns double precision
language sql
stable
as $$
  select
    least(
      burst,
      tokens + greatest(0, extract(epoch from statement_timestamp() - refilled_at)) * per_second
    );
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Fills a bucket for the time since its last fetch, takes up to want tokens out of it and gives how
-- many it took.
create function take_tokens(
  bucket text,
  per_second double precision,
  burst double precision,
  want integer
)
returns integer
language sql
as $$
  insert into rate_buckets as b (key, tokens, granted, refilled_at)
  values (bucket, burst - least(want, burst), least(want, burst), statement_timestamp())
  on conflict (key) do update
    set
      granted = least(want, floor(tokens_now(b.tokens, b.refilled_at, per_second, burst))),
      tokens = tokens_now(b.tokens, b.refilled_at, per_second, burst) - least(
        want,
        floor(tokens_now(b.tokens, b.refilled_at, per_second, burst))
      ),
      refilled_at = greatest(b.refilled_at, statement_timestamp())
  returning granted;
$$;
-- +goose StatementEnd

-- The open event streams of all API servers. A stream whose row is gone ends: a newer one of the
-- same session or person has its place.
create unlogged table event_streams (
  id uuid primary key,
  session_id uuid not null,
  person_id uuid not null,
  opened_at timestamptz not null,
  seen_at timestamptz not null
);
create index event_streams_person on event_streams (person_id);

-- What one person has uploaded for one order on one day: nobody uses up what another may send.
create table upload_quotas (
  person_id uuid not null references people (id),
  order_id uuid not null,
  day date not null,
  files integer not null check (files > 0),
  bytes bigint not null check (bytes > 0),
  primary key (order_id, person_id, day)
);
create index upload_quotas_day on upload_quotas (day);

-- Stored files that no document names are looked for by age.
create index files_stored on files (created_at) where status = 'stored';
-- The files of a page of documents, and the documents of a file.
create index documents_file on documents (file_id);

-- +goose Down
drop index documents_file, files_stored;
drop function take_tokens(text, double precision, double precision, integer);
drop function tokens_now(double precision, timestamptz, double precision, double precision);
drop table upload_quotas, event_streams, rate_buckets;
