-- +goose Up

-- The engineer whom the performer's employer proposes in his place, while the proposal is open. He
-- sees the order as a party, so that he reads its documents before he agrees.
alter table orders add column substitute_id uuid references engineers (id);
create index orders_substitute on orders (substitute_id) where substitute_id is not null;

-- The orders that a party sees in a role, those of the accounts that it stands for among them.
-- +goose StatementBegin
create or replace function orders_of(viewer_role text, viewer uuid)
returns setof uuid
language sql
stable
as $$
  select o.id from orders as o where viewer_role = 'customer' and o.customer_id = viewer
  union
  select o.id
  from
    orders as o
    join parties as p on p.id = o.customer_id
  where viewer_role = 'customer' and p.same_as = viewer
  union
  select o.id from orders as o where viewer_role = 'engineer' and o.engineer_id = viewer
  union
  select o.id from orders as o where viewer_role = 'engineer' and o.substitute_id = viewer
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

-- An order also hears of a proposed substitute who may not act any more: it ends the proposal. The
-- employer speaks of him as its own engineer, wherever else he works by now.
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
  where not s.active and o.stage = 'selection' and acts_for_nobody(s.engineer_id, s.as_of)
  union
  select o.id, s.engineer_id, s.source, s.active, s.as_of, s.person_id, null::uuid
  from
    engineer_standings as s
    join orders as o on o.substitute_id = s.engineer_id
  where not s.active
  union
  select o.id, s.engineer_id, 'employer', s.active, s.as_of, s.person_id, s.employer_id
  from
    employer_statuses as s
    join orders as o on o.substitute_id = s.engineer_id and o.employer_id = s.employer_id
  where not s.active;

-- +goose Down
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
-- +goose StatementBegin
create or replace function orders_of(viewer_role text, viewer uuid)
returns setof uuid
language sql
stable
as $$
  select o.id from orders as o where viewer_role = 'customer' and o.customer_id = viewer
  union
  select o.id
  from
    orders as o
    join parties as p on p.id = o.customer_id
  where viewer_role = 'customer' and p.same_as = viewer
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
drop index orders_substitute;
alter table orders drop column substitute_id;
