-- +goose Up

-- What people asked of an order over the API: a row before the message is sent, so that a repeated
-- idempotency key is known by its hash, and a message that has no verdict yet is known to be under
-- way. It holds no text.
create table requests (
  message_id uuid primary key,
  order_id uuid not null,
  person_id uuid not null references people (id),
  kind text not null,
  -- Of the details and the text as they came.
  request_sha256 text not null check (request_sha256 ~ '^[0-9a-f]{64}$'),
  -- When the platform took the message over: what a repetition of the same request counts from,
  -- too.
  created_at timestamptz not null
);
create index requests_person on requests (person_id, created_at);

-- Under which role and for whom a file was uploaded: one person may be both the customer of one
-- order and an engineer.
alter table files add column uploader_role text not null default '';
alter table files add column uploader_party uuid;
-- How many bytes each part of the upload has, all but the last.
alter table files add column part_size bigint not null default 0 check (part_size >= 0);
create index files_uploading on files (created_at)
where status in ('uploading', 'checking', 'rejected');

-- A form saved at the moment when its draft is deleted goes with the draft.
alter table order_forms
add
  foreign key (order_id) references orders (id)
    on delete cascade;

-- +goose StatementBegin
-- The orders that a party sees in a role: its own, and for an engineer and his employer those that
-- he may yet take. A moderator sees all that were published.
create function orders_of(viewer_role text, viewer uuid)
returns setof uuid
language sql
stable
as $$
  select o.id from orders as o where viewer_role = 'customer' and o.customer_id = viewer
  union
  select o.id from orders as o where viewer_role = 'engineer' and o.engineer_id = viewer
  union
  select r.order_id
  from responses as r
  where viewer_role = 'engineer' and r.engineer_id = viewer and r.status != 'closed'
  union
  select f.order_id from offers as f where viewer_role = 'engineer' and f.engineer_id = viewer
  union
  select o.id from orders as o where viewer_role = 'employer' and o.employer_id = viewer
  union
  select r.order_id
  from
    responses as r
    join engineers as e on e.id = r.engineer_id
  where
    viewer_role = 'employer'
    and e.employer_id = viewer
    and e.employment = 'confirmed'
    and r.status != 'closed'
  union
  select f.order_id
  from
    offers as f
    join engineers as e on e.id = f.engineer_id
  where viewer_role = 'employer' and e.employer_id = viewer and e.employment = 'confirmed'
  union
  select o.id from orders as o where viewer_role = 'moderator' and o.stage != 'draft';
$$;
-- +goose StatementEnd

-- +goose Down
drop function orders_of(text, uuid);
alter table order_forms drop constraint order_forms_order_id_fkey;
drop index files_uploading;
alter table files drop column part_size, drop column uploader_party, drop column uploader_role;
drop table requests;
