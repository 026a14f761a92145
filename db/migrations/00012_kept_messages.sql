-- +goose Up

-- What was sent under a request, so that a signal of another content or of another origin is known.
-- Null for a request kept by a version that hashed no signals; its message counts by person, order
-- and kind.
alter table requests add column signal_sha256 text check (signal_sha256 ~ '^[0-9a-f]{64}$');
-- How large the signal is, and whether engineers who are no party of the order may send such a
-- message: what waits for a verdict is bounded for all senders of an order together, and for
-- strangers apart from its parties.
alter table requests add column bytes integer not null default 0 check (bytes >= 0);
alter table requests add column by_strangers boolean not null default false;
-- When handing it to Temporal failed: nobody processes it until its sender repeats it, so it does
-- not count as waiting.
alter table requests add column undelivered_at timestamptz;
create index requests_order on requests (order_id, created_at);

-- Why the moderators were called to an order, once until it is mended or the same happens again
-- later.
create table order_alarms (
  order_id uuid not null,
  kind text not null check (kind in ('order-halted', 'message-forged')),
  raised_at timestamptz not null,
  times integer not null default 1,
  primary key (order_id, kind)
);

-- The orders whose workflow was lost and that an operator started anew from the record: who, why,
-- and from where on.
create table order_restarts (
  message_id uuid primary key,
  order_id uuid not null,
  seq integer not null check (seq > 0),
  operator text not null check (operator != ''),
  reason text not null check (reason != ''),
  -- The run that was lost, with its end as Temporal shows it; empty where Temporal knows none.
  lost_run text not null default '',
  lost_status text not null default '',
  restarted_at timestamptz not null
);
create index order_restarts_order on order_restarts (order_id);
create trigger order_restarts_append_only
before update or delete on order_restarts
for each row
execute function refuse_change();

-- What a moderator decides on a held run of the registry, before the run's workflow is told:
-- whoever else reaches it speaks for no moderator.
create table registry_decisions (
  run_id uuid not null references registry_runs (id),
  person_id uuid not null references people (id),
  signal text not null check (signal in ('confirm', 'reject')),
  reason_sha256 text not null check (reason_sha256 ~ '^[0-9a-f]{64}$'),
  decided_at timestamptz not null,
  primary key (run_id, person_id, signal, reason_sha256)
);
create trigger registry_decisions_append_only
before update or delete on registry_decisions
for each row
execute function refuse_change();

-- +goose Down
drop table registry_decisions, order_restarts, order_alarms;
drop index requests_order;
alter table requests
drop column undelivered_at,
drop column by_strangers,
drop column bytes,
drop column signal_sha256;
