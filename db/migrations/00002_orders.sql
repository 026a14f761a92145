-- +goose Up

create sequence order_numbers;

-- The text of a message, immutable; the message in the workflow's history names it by id and hash.
create table message_bodies (
  id uuid primary key,
  order_id uuid not null,
  author_id uuid not null,
  body jsonb not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null default now(),
  -- Set when a verdict names it; the others expire.
  used boolean not null default false
);
create index message_bodies_order on message_bodies (order_id);
create index message_bodies_unused on message_bodies (created_at) where not used;

-- The order as lists and cards show it. Only the recording of the order's own workflow writes here.
create table orders (
  id uuid primary key,
  number text not null unique,
  seq integer not null check (seq > 0),
  -- The whole state as the workflow holds it after message seq.
  state jsonb not null,
  stage text not null check (
    stage in (
      'draft',
      'selection',
      'contract',
      'prepayment',
      'work',
      'acceptance',
      'registration',
      'payment',
      'completed',
      'cancelled'
    )
  ),
  shown_stage text not null check (
    shown_stage in (
      'draft',
      'selection',
      'contract',
      'prepayment',
      'work',
      'acceptance',
      'registration',
      'payment',
      'completed',
      'cancelled',
      'suspended'
    )
  ),
  cause text not null default '' check (cause in ('', 'customer', 'agreement', 'moderator')),
  customer_id uuid not null references parties (id),
  customer_person_id uuid not null references people (id),
  engineer_id uuid references engineers (id),
  employer_id uuid references parties (id),
  holds text[] not null default '{}',
  waits_for text not null default '',
  waits_from text not null default '',
  waits_since timestamptz not null,
  deadline timestamptz,
  overdue boolean not null default false,
  region text not null default '',
  work_kind text not null default '',
  price bigint check (price > 0),
  term_date date,
  term_days integer check (term_days > 0),
  prepayment boolean not null default false,
  registration boolean not null default false,
  form_id uuid references message_bodies (id),
  responses integer not null default 0 check (responses >= 0),
  rounds integer not null default 0 check (rounds >= 0),
  contract_price bigint check (contract_price > 0),
  contract_advance bigint check (contract_advance >= 0 and contract_advance <= contract_price),
  mark integer check (mark between 1 and 5),
  created_at timestamptz not null,
  published_at timestamptz,
  updated_at timestamptz not null,
  check ((shown_stage = 'suspended') or (shown_stage = stage)),
  check ((shown_stage != 'suspended') or cardinality(holds) > 0),
  check ((stage = 'cancelled') = (cause != '')),
  check (stage in ('draft', 'selection', 'cancelled') or engineer_id is not null),
  check (stage not in ('draft', 'selection') or engineer_id is null),
  check (stage = 'draft' or form_id is not null),
  check (term_date is null or term_days is null)
);
create index orders_customer on orders (customer_id, updated_at desc);
create index orders_engineer on orders (engineer_id, updated_at desc) where engineer_id is not null;
create index orders_employer on orders (employer_id, updated_at desc) where employer_id is not null;
create index orders_open on orders (region, published_at desc) where stage = 'selection';

-- What became of every message: one row a message, one message a place in the order's sequence.
-- Kept when a draft is deleted, so that its author still learns the verdict.
create table order_messages (
  id uuid primary key,
  order_id uuid not null,
  seq integer not null check (seq > 0),
  kind text not null,
  actor_role text not null,
  actor_person uuid,
  actor_party uuid,
  body_id uuid,
  verdict text not null check (verdict in ('applied', 'refused')),
  code text not null default '',
  reason text not null default '',
  outcome jsonb not null,
  received_at timestamptz not null,
  happened_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  unique (order_id, seq),
  check ((verdict = 'refused') = (code != ''))
);

-- The history of the order, append-only: one row for each applied message.
create table order_events (
  id bigint generated always as identity primary key,
  order_id uuid not null references orders (id)
    on delete cascade,
  seq integer not null,
  kind text not null,
  actor_role text not null,
  actor_person uuid,
  actor_party uuid,
  stage_before text not null,
  stage_after text not null,
  details jsonb,
  body_id uuid,
  happened_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  unique (order_id, seq)
);

-- +goose StatementBegin
create function refuse_change()
returns trigger
language plpgsql
as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
-- +goose StatementEnd
create trigger order_events_append_only
before update on order_events
for each row
execute function refuse_change();
create trigger order_messages_append_only
before update on order_messages
for each row
execute function refuse_change();

create table responses (
  order_id uuid not null references orders (id)
    on delete cascade,
  engineer_id uuid not null references engineers (id),
  price bigint not null check (price > 0),
  term_date date,
  term_days integer check (term_days > 0),
  revision integer not null,
  status text not null check (status in ('open', 'chosen', 'closed')),
  body_id uuid references message_bodies (id),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (order_id, engineer_id),
  check ((term_date is null) != (term_days is null))
);
create index responses_engineer on responses (engineer_id);

create table offers (
  order_id uuid primary key references orders (id)
    on delete cascade,
  engineer_id uuid not null references engineers (id),
  expires_at timestamptz not null,
  created_at timestamptz not null
);
create index offers_engineer on offers (engineer_id);

-- A file of an order. Its content is found by hash only once it is sealed, where nobody can write.
create table files (
  id uuid primary key,
  order_id uuid not null,
  uploader_id uuid not null references people (id),
  name text not null check (name != ''),
  declared_type text not null default '',
  size bigint not null check (size > 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  content_type text not null default '',
  upload_id text not null default '',
  status text not null check (status in ('uploading', 'checking', 'stored', 'rejected')),
  problem text not null default '',
  created_at timestamptz not null default now(),
  stored_at timestamptz,
  check ((status = 'stored') = (stored_at is not null)),
  check (status != 'stored' or content_type != '')
);
create index files_order on files (order_id);
create index files_hash on files (sha256) where status = 'stored';

-- The documents of an order: which stored file is what. A replaced one stays, marked.
create table documents (
  order_id uuid not null references orders (id)
    on delete cascade,
  seq integer not null,
  n integer not null,
  kind text not null check (
    kind in (
      'form',
      'contract',
      'contract-signature',
      'prepayment-invoice',
      'prepayment-receipt',
      'result',
      'remark',
      'act',
      'act-signature',
      'registration-result',
      'invoice',
      'receipt'
    )
  ),
  file_id uuid not null references files (id),
  author_role text not null,
  created_at timestamptz not null,
  primary key (order_id, seq, n)
);

create table notifications (
  id bigint generated always as identity primary key,
  role text not null check (role in ('customer', 'engineer', 'employer', 'moderator', 'operator')),
  -- The customer's account, the engineer or the organisation; null for moderators and operators,
  -- who share theirs.
  party_id uuid,
  order_id uuid references orders (id)
    on delete cascade,
  kind text not null,
  created_at timestamptz not null,
  read_at timestamptz,
  check ((role in ('moderator', 'operator')) = (party_id is null))
);
create index notifications_party on notifications (party_id, id desc);
create index notifications_unread on notifications (party_id) where read_at is null;

-- A form that its author is still filling in: saved as he types, by no message.
create table order_forms (
  order_id uuid primary key,
  author_id uuid not null references people (id),
  form jsonb not null,
  version integer not null default 1,
  updated_at timestamptz not null default now()
);

-- +goose Down
drop table order_forms,
notifications,
documents,
files,
offers,
responses,
order_events,
order_messages,
orders,
message_bodies;
drop function refuse_change();
drop sequence order_numbers;
