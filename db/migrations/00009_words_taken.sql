-- +goose Up

-- A word that an order would refuse as old news is not told: a moderator may have spoken to the one
-- order since.
create or replace view untold_orders as
  select o.id as order_id, s.engineer_id, s.source, s.active, s.as_of, s.person_id
  from
    engineer_standings as s
    join orders as o on o.engineer_id = s.engineer_id
  where
    not s.active
    and not (o.holds @> array[s.source])
    and o.stage in ('contract', 'prepayment', 'work', 'acceptance', 'registration', 'payment')
    and not exists (
      select
      from jsonb_array_elements(o.state -> 'standings') as r
      where r ->> 'source' = s.source and (r ->> 'asOf')::timestamptz >= s.as_of
    )
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
    and not exists (
      select
      from jsonb_array_elements(o.state -> 'standings') as r
      where r ->> 'source' = s.source and (r ->> 'asOf')::timestamptz >= s.as_of
    )
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
create or replace view untold_orders as
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
