-- +goose Up

-- The registry's whole entry on an engineer, as the newest snapshot that changed it has it; {}
-- before the first.
alter table engineers add column registry_entry jsonb not null default '{}';
-- The moderator who blocked or unblocked the engineer last.
alter table engineers add column standing_by uuid references people (id);
create index engineers_inactive on engineers (id) where not in_registry;
create index engineers_blocked on engineers (id) where blocked;
create index engineers_active_sro on engineers (sro) where in_registry;
-- Those that somebody holds: few, whatever the number of orders.
create index orders_held on orders (engineer_id) where holds != '{}';

-- One row a nightly run, a missed night among them: the report for operators and moderators.
create table registry_runs (
  id uuid primary key,
  workflow_id text not null,
  workflow_run_id text not null,
  status text not null check (
    status in ('running', 'completed', 'held', 'failed', 'noop', 'rejected', 'superseded', 'missed')
  ),
  -- Why it ended so, for people; code is for programs.
  code text not null default '',
  reason text not null default '',
  started_at timestamptz not null,
  ended_at timestamptz,
  -- The snapshot, once its manifest is read.
  as_of timestamptz,
  sha256 text not null default '',
  rows integer not null default 0,
  -- How many engineers were active before, and what the snapshot changes or changed.
  active_before integer not null default 0,
  added integer not null default 0,
  lost integer not null default 0,
  restored integer not null default 0,
  changed integer not null default 0,
  -- Orders that were told of an engineer, and those whose workflow has closed.
  told integer not null default 0,
  skipped integer not null default 0,
  fetch_ms bigint not null default 0,
  stage_ms bigint not null default 0,
  compare_ms bigint not null default 0,
  apply_ms bigint not null default 0,
  tell_ms bigint not null default 0,
  -- Who decided on a held run, and why.
  operator text not null default '',
  decision text not null default '',
  check ((status = 'running') = (ended_at is null))
);
create unique index registry_runs_alone on registry_runs ((true)) where status = 'running';
create index registry_runs_started on registry_runs (started_at desc);
create index registry_runs_as_of on registry_runs (as_of desc) where status in ('held', 'rejected');

-- A snapshot that has been read and not yet applied, by run.
create table registry_staging (
  run_id uuid not null,
  snils text not null,
  registry_number text not null,
  last_name text not null,
  first_name text not null,
  middle_name text not null,
  sro text not null,
  active boolean not null,
  entry jsonb not null,
  primary key (run_id, snils)
);

-- What a staged snapshot changes; a row goes as soon as its change is made.
create table registry_changes (
  run_id uuid not null,
  engineer_id uuid not null,
  snils text not null,
  kind text not null check (kind in ('added', 'lost', 'restored', 'changed')),
  primary key (run_id, engineer_id)
);

-- A moderator's decisions on engineers. The reason stays here, out of every workflow's history.
create table engineer_decisions (
  id uuid primary key,
  engineer_id uuid not null references engineers (id),
  moderator_id uuid not null references people (id),
  blocked boolean not null,
  reason text not null check (reason != ''),
  decided_at timestamptz not null,
  applied_at timestamptz
);
create index engineer_decisions_engineer on engineer_decisions (engineer_id, decided_at desc);

-- What each source says of each engineer.
create view engineer_standings as
  select
    id as engineer_id,
    'registry'::text as source,
    in_registry as active,
    registry_as_of as as_of,
    null::uuid as person_id
  from engineers
  union all
  select id, 'moderator', not blocked, standing_at, standing_by from engineers;

-- The orders that have not recorded what a source says of an engineer of theirs: the performer of
-- an order in work, and whoever responded to an order in selection or was offered it and may not
-- take it any more.
create view untold_orders as
  select o.id as order_id, s.engineer_id, s.source, s.active, s.as_of, s.person_id
  from
    engineer_standings as s
    join orders as o on o.engineer_id = s.engineer_id
  where
    not s.active
    and not (o.holds @> array[s.source])
    and o.stage in ('contract', 'prepayment', 'work', 'acceptance', 'registration', 'payment')
  union
  select o.id, s.engineer_id, s.source, s.active, s.as_of, s.person_id
  from
    engineer_standings as s
    join orders as o on o.engineer_id = s.engineer_id
  where
    s.active
    and o.holds != '{}'
    and o.holds @> array[s.source]
    and o.stage in ('contract', 'prepayment', 'work', 'acceptance', 'registration', 'payment')
  union
  select r.order_id, s.engineer_id, s.source, s.active, s.as_of, s.person_id
  from
    engineer_standings as s
    join responses as r on r.engineer_id = s.engineer_id
    join orders as o on o.id = r.order_id
  where not s.active and r.status = 'open' and o.stage = 'selection'
  union
  select f.order_id, s.engineer_id, s.source, s.active, s.as_of, s.person_id
  from
    engineer_standings as s
    join offers as f on f.engineer_id = s.engineer_id
    join orders as o on o.id = f.order_id
  where not s.active and o.stage = 'selection';

-- +goose Down
drop view untold_orders, engineer_standings;
drop table engineer_decisions, registry_changes, registry_staging, registry_runs;
drop index orders_held, engineers_active_sro, engineers_blocked, engineers_inactive;
alter table engineers drop column standing_by, drop column registry_entry;
