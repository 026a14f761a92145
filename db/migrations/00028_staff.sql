-- +goose Up

-- An engineer and an organisation that he works for, asked to or did: one row for the two,
-- whichever of them asks again. What the rules of orders read (form, employer_id, employment) stays
-- in engineers and is written with every change.
create table employments (
  id uuid primary key,
  engineer_id uuid not null references engineers (id),
  employer_id uuid not null references parties (id),
  status text not null check (
    status in ('pending', 'confirmed', 'suspended', 'rejected', 'withdrawn', 'removed')
  ),
  -- Who asked last. The other side decides; the one who asked may withdraw.
  asked_by text not null check (asked_by in ('engineer', 'employer')),
  asked_at timestamptz not null,
  version integer not null default 1,
  changed_at timestamptz not null,
  -- What was said with the last change.
  comment text not null default '',
  -- When and by whom the engineer last became able or unable to act for this employer; null
  -- before the first confirmation. It dates the employer's decision on the engineer to his
  -- orders.
  status_at timestamptz,
  status_by uuid references people (id),
  unique (engineer_id, employer_id)
);
create unique index employments_one_employer on employments (engineer_id)
where status in ('confirmed', 'suspended');
create unique index employments_one_request on employments (engineer_id)
where status = 'pending' and asked_by = 'engineer';
create index employments_employer on employments (employer_id);

-- Who changed an employment, when and why.
create table employment_events (
  id uuid primary key,
  n bigint not null generated always as identity unique,
  employment_id uuid not null references employments (id),
  -- closed: the engineer found another employer. migration: he worked there before this table.
  kind text not null check (
    kind in (
      'asked',
      'confirmed',
      'rejected',
      'withdrawn',
      'suspended',
      'resumed',
      'removed',
      'left',
      'closed',
      'migration'
    )
  ),
  role text not null check (role in ('engineer', 'employer', '')),
  person_id uuid references people (id),
  comment text not null default '',
  happened_at timestamptz not null,
  check ((role = '') = (person_id is null))
);
create index employment_events_employment on employment_events (employment_id, n desc);
create trigger employment_events_append_only
before update or delete on employment_events
for each row
execute function refuse_change();

-- What the employer decided to become of each live order when he suspended or removed its
-- performer.
create table employment_answers (
  employment_id uuid not null references employments (id),
  order_id uuid not null references orders (id),
  -- employments.status_at of the decision.
  status_at timestamptz not null,
  -- reselect: the customer chooses another performer. hold: the order waits.
  answer text not null check (answer in ('reselect', 'hold')),
  primary key (employment_id, order_id, status_at)
);
create trigger employment_answers_append_only
before update or delete on employment_answers
for each row
execute function refuse_change();

-- Rows for the engineers whose employer was recorded without one. Also for what is loaded into an
-- empty platform.
-- +goose StatementBegin
create function carry_employments()
returns void
language sql
as $$
  with
    carried as (
      insert into employments
        (id, engineer_id, employer_id, status, asked_by, asked_at, changed_at, status_at)
      select
        gen_random_uuid(),
        e.id,
        e.employer_id,
        e.employment,
        'engineer',
        now(),
        now(),
        case
          when e.employment = 'suspended' then now()
        end
      from engineers as e
      where
        e.employer_id is not null
        and not exists (
          select from employments as m where m.engineer_id = e.id and m.employer_id = e.employer_id
        )
      returning id
    )
  insert into employment_events (id, employment_id, kind, role, happened_at)
  select gen_random_uuid(), id, 'migration', '', now() from carried;
$$;
-- +goose StatementEnd
select carry_employments();

-- Reports whether a hold suspends an order at this stage, as order.Suspendable says.
create function stage_suspendable(stage text)
returns boolean
language sql
immutable
parallel safe
return stage in ('contract', 'prepayment', 'work', 'acceptance', 'registration');

-- Organisations are found by words of their names and by parts of their numbers.
alter table parties
add column search text not null generated always as (
  ' ' || search_fold(name || ' ' || short_name || ' ' || ogrn || ' ' || inn) || ' '
) stored;
create index parties_search on parties using gin (search gin_trgm_ops) where is_employer;

-- Reports whether an engineer is an employee whom no employer lets act now, and the decision of
-- this time was the last one on him.
-- +goose StatementBegin
create function acts_for_nobody(engineer uuid, decided timestamptz)
returns boolean
language sql
stable
as $$
  select
    exists (
      select
      from engineers as e
      where e.id = engineer and e.form = 'employee' and e.employment != 'confirmed'
    )
    and not exists (
      select from employments as m where m.engineer_id = engineer and m.status_at > decided
    );
$$;
-- +goose StatementEnd

-- What employers say of their engineers: each speaks of the engineer's orders under itself only.
create view employer_statuses as
  select
    m.id as employment_id,
    m.engineer_id,
    m.employer_id,
    m.status = 'confirmed' as active,
    m.status_at as as_of,
    m.status_by as person_id
  from employments as m
  where m.status_at is not null;

-- An employer's decision reaches the performer's orders under this employer, and those that the
-- employer gives back to the choice of a performer even where it already holds them. It ends
-- responses and offers of an engineer who now acts for nobody. The parts are separate, so that
-- those of the other sources keep their plans.
create or replace view pending_status_notifications as
  select
    o.id as order_id,
    s.engineer_id,
    s.source,
    s.active,
    s.as_of,
    s.person_id,
    null::uuid as employer_id
  from
    engineer_standings as s
    join orders as o on o.engineer_id = s.engineer_id and stage_in_work(o.stage)
  where
    not s.active
    and not (o.holds @> array[s.source])
    and not exists (
      select
      from jsonb_array_elements(o.state -> 'standings') as r
      where r ->> 'source' = s.source and (r ->> 'asOf')::timestamptz >= s.as_of
    )
  union
  select o.id, s.engineer_id, s.source, s.active, s.as_of, s.person_id, null::uuid
  from
    engineer_standings as s
    join orders as o on o.engineer_id = s.engineer_id and stage_in_work(o.stage)
  where
    s.active
    and o.holds != '{}'
    and o.holds @> array[s.source]
    and not exists (
      select
      from jsonb_array_elements(o.state -> 'standings') as r
      where r ->> 'source' = s.source and (r ->> 'asOf')::timestamptz >= s.as_of
    )
  union
  select r.order_id, s.engineer_id, s.source, s.active, s.as_of, s.person_id, null::uuid
  from
    engineer_standings as s
    join responses as r on r.engineer_id = s.engineer_id and r.status = 'open'
    join orders as o on o.id = r.order_id
  where not s.active and o.stage in ('selection', 'contract')
  union
  select f.order_id, s.engineer_id, s.source, s.active, s.as_of, s.person_id, null::uuid
  from
    engineer_standings as s
    join offers as f on f.engineer_id = s.engineer_id
    join orders as o on o.id = f.order_id
  where not s.active and o.stage = 'selection'
  union
  select o.id, s.engineer_id, 'employer', s.active, s.as_of, s.person_id, s.employer_id
  from
    employer_statuses as s
    join orders as o
      on o.engineer_id = s.engineer_id and o.employer_id = s.employer_id and stage_in_work(o.stage)
  where
    not s.active
    and (
      not (o.holds @> array['employer'])
      or o.stage = 'contract'
      and exists (
        select
        from employment_answers as a
        where
          a.employment_id = s.employment_id
          and a.status_at = s.as_of
          and a.order_id = o.id
          and a.answer = 'reselect'
      )
    )
    and not exists (
      select
      from jsonb_array_elements(o.state -> 'standings') as r
      where r ->> 'source' = 'employer' and (r ->> 'asOf')::timestamptz >= s.as_of
    )
  union
  select o.id, s.engineer_id, 'employer', s.active, s.as_of, s.person_id, s.employer_id
  from
    employer_statuses as s
    join orders as o
      on o.engineer_id = s.engineer_id and o.employer_id = s.employer_id and stage_in_work(o.stage)
  where
    s.active
    and o.holds != '{}'
    and o.holds @> array['employer']
    and not exists (
      select
      from jsonb_array_elements(o.state -> 'standings') as r
      where r ->> 'source' = 'employer' and (r ->> 'asOf')::timestamptz >= s.as_of
    )
  union
  select r.order_id, s.engineer_id, 'employer', s.active, s.as_of, s.person_id, s.employer_id
  from
    employer_statuses as s
    join responses as r on r.engineer_id = s.engineer_id and r.status = 'open'
    join orders as o on o.id = r.order_id
  where
    not s.active
    and o.stage in ('selection', 'contract')
    and acts_for_nobody(s.engineer_id, s.as_of)
  union
  select f.order_id, s.engineer_id, 'employer', s.active, s.as_of, s.person_id, s.employer_id
  from
    employer_statuses as s
    join offers as f on f.engineer_id = s.engineer_id
    join orders as o on o.id = f.order_id
  where not s.active and o.stage = 'selection' and acts_for_nobody(s.engineer_id, s.as_of);

-- +goose Down
drop view untold_orders, pending_status_notifications, employer_statuses;
create view pending_status_notifications as
  select o.id as order_id, s.engineer_id, s.source, s.active, s.as_of, s.person_id
  from
    engineer_standings as s
    join orders as o on o.engineer_id = s.engineer_id and stage_in_work(o.stage)
  where
    not s.active
    and not (o.holds @> array[s.source])
    and not exists (
      select
      from jsonb_array_elements(o.state -> 'standings') as r
      where r ->> 'source' = s.source and (r ->> 'asOf')::timestamptz >= s.as_of
    )
  union
  select o.id, s.engineer_id, s.source, s.active, s.as_of, s.person_id
  from
    engineer_standings as s
    join orders as o on o.engineer_id = s.engineer_id and stage_in_work(o.stage)
  where
    s.active
    and o.holds != '{}'
    and o.holds @> array[s.source]
    and not exists (
      select
      from jsonb_array_elements(o.state -> 'standings') as r
      where r ->> 'source' = s.source and (r ->> 'asOf')::timestamptz >= s.as_of
    )
  union
  select r.order_id, s.engineer_id, s.source, s.active, s.as_of, s.person_id
  from
    engineer_standings as s
    join responses as r on r.engineer_id = s.engineer_id and r.status = 'open'
    join orders as o on o.id = r.order_id
  where not s.active and o.stage in ('selection', 'contract')
  union
  select f.order_id, s.engineer_id, s.source, s.active, s.as_of, s.person_id
  from
    engineer_standings as s
    join offers as f on f.engineer_id = s.engineer_id
    join orders as o on o.id = f.order_id
  where not s.active and o.stage = 'selection';
create view untold_orders as
  select order_id, engineer_id, source, active, as_of, person_id from pending_status_notifications;
drop index parties_search;
alter table parties drop column search;
drop function stage_suspendable(text);
drop function acts_for_nobody(uuid, timestamptz);
drop function carry_employments();
drop table employment_answers, employment_events, employments;
