-- +goose Up

-- Requests to sign a document of an order in «Госключ», the mobile application. The platform
-- reserves a number at ЕПГУ, sends the document under it, and waits for the person's answer. A
-- request cannot be cancelled: a signature that comes late is kept and not applied.
create table goskey_requests (
  id uuid primary key,
  order_id uuid not null references orders (id)
    on delete cascade,
  -- The message that will bring the signature to the order.
  action text not null check (action in ('sign-contract', 'accept-results', 'sign-act')),
  person_id uuid not null references people (id),
  role text not null check (role in ('customer')),
  party_id uuid not null,
  document_id uuid not null references files (id)
    on delete cascade,
  document_sha256 text not null check (document_sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null,
  -- Until when the person may sign.
  expires_at timestamptz not null,
  -- The number at ЕПГУ.
  goskey_order bigint unique,
  state text not null default 'new' check (
    state in (
      'new',
      'checking',
      'waiting',
      'signed',
      'applied',
      'refused',
      'expired',
      'no-account',
      'not-accepted',
      'sender-fault',
      'too-many',
      'failed',
      'invalid',
      'late'
    )
  ),
  -- What ЕПГУ said last: its code and comment.
  detail text not null default '',
  -- For the person, in Russian: why his signature was not applied.
  reason text not null default '',
  signature_id uuid unique references files (id),
  received_at timestamptz,
  -- The message that brought the signature to the order.
  message_id uuid,
  ended_at timestamptz,
  check ((ended_at is null) = (state in ('new', 'checking', 'waiting', 'signed'))),
  check ((reason = '') = (ended_at is null or state = 'applied')),
  check ((signature_id is null) = (received_at is null)),
  check (signature_id is not null or state not in ('signed', 'applied', 'invalid', 'late'))
);

-- A person has one request for a document at a time.
create unique index goskey_requests_open on goskey_requests (order_id, person_id, document_sha256)
where ended_at is null;
create index goskey_requests_order on goskey_requests (order_id, party_id, created_at desc);
create index goskey_requests_document on goskey_requests (document_id);
create index goskey_requests_waiting on goskey_requests (id) where state = 'waiting';

-- +goose StatementBegin
create or replace function is_generated(file uuid)
returns boolean
language sql
stable
as $$
  select
    exists (select from generated_documents as g where g.pdf_id = file)
    or exists (select from generated_documents as g where g.docx_id = file)
    or exists (select from generated_documents as g where g.attachment_id = file)
    or exists (select from goskey_requests as g where g.signature_id = file);
$$;
-- +goose StatementEnd

-- The rights are granted again after each migration.
-- +goose StatementBegin
do $$ begin
    execute replace(replace(pg_get_functiondef('grant_process_rights'::regproc),
        '"generated_documents": ', '"goskey_requests": "goskey_order, state, detail, reason, signature_id, received_at, message_id, ended_at", "generated_documents": '),
        '''generated_documents'', ', '''generated_documents'', ''goskey_requests'', ');
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
do $$ begin
    execute replace(replace(pg_get_functiondef('grant_process_rights'::regproc),
        '"goskey_requests": "goskey_order, state, detail, reason, signature_id, received_at, message_id, ended_at", ', ''),
        '''goskey_requests'', ', '');
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create or replace function is_generated(file uuid)
returns boolean
language sql
stable
as $$
  select
    exists (select from generated_documents as g where g.pdf_id = file)
    or exists (select from generated_documents as g where g.docx_id = file)
    or exists (select from generated_documents as g where g.attachment_id = file);
$$;
-- +goose StatementEnd
drop table goskey_requests;
