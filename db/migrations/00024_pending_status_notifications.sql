-- +goose Up

-- Reports whether an order has a performer in this stage. No row is in the stage 'suspended', see
-- order.State.Stage.
create function stage_in_work(stage text)
returns boolean
language sql
immutable
parallel safe
return stage in ('contract', 'prepayment', 'work', 'acceptance', 'registration', 'payment');

-- The list of stages in the index's condition was a second copy. The planner inlines the function,
-- so the index serves conditions that spell the list out as well.
drop index orders_in_work;
create index orders_in_work on orders (engineer_id) where stage_in_work(stage);

-- The orders that have not recorded what a source says of an engineer of theirs, a row for each
-- signal to be sent: the performer of an order in work, and whoever responded to an order or was
-- offered it and may not take it any more. A response outlives the choice of another engineer until
-- the contract is signed. An order that recorded a later status of the same source would refuse
-- this one as stale, and is left out.
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

-- The name under which the version before reads the same rows. A later release drops it, once no
-- worker of that version is left.
create or replace view untold_orders as
  select order_id, engineer_id, source, active, as_of, person_id from pending_status_notifications;

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
  where not s.active and r.status = 'open' and o.stage in ('selection', 'contract')
  union
  select f.order_id, s.engineer_id, s.source, s.active, s.as_of, s.person_id
  from
    engineer_standings as s
    join offers as f on f.engineer_id = s.engineer_id
    join orders as o on o.id = f.order_id
  where not s.active and o.stage = 'selection';
drop view pending_status_notifications;
drop index orders_in_work;
create index orders_in_work on orders (engineer_id)
where stage in ('contract', 'prepayment', 'work', 'acceptance', 'registration', 'payment');
drop function stage_in_work(text);
