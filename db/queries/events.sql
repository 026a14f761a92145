-- Queries for the events that open pages follow.

-- Audience returns who may be notified of an event of an order.
-- name: Audience :one
select
  o.id,
  o.number,
  o.seq,
  coalesce(c.same_as, c.id)::uuid as customer_id,
  o.engineer_id,
  o.employer_id,
  o.stage,
  coalesce(o.region, '')::text as region,
  coalesce(o.work_kind, '')::text as work_kind,
  array(
    select r.engineer_id from responses as r where r.order_id = o.id and r.status != 'closed'
    union
    select f.engineer_id from offers as f where f.order_id = o.id
    union
    select o.substitute_id where o.substitute_id is not null
  )::uuid[] as candidates,
  array(
    select e.employer_id
    from engineers as e
    where
      e.employer_id is not null
      and e.employment = 'confirmed'
      and e.id in (
        select r.engineer_id from responses as r where r.order_id = o.id and r.status != 'closed'
        union
        select f.engineer_id from offers as f where f.order_id = o.id
      )
  )::uuid[] as employers
from
  orders as o
  join parties as c on c.id = o.customer_id
where o.id = @id;

-- name: EventAt :one
select id, kind, stage_before, stage_after
from order_events
where order_id = @order_id and seq = @seq;

-- name: LastNotices :many
-- LastNotices leaves out the engineers whom saved searches notified: they may be many, and hear of
-- it by FoundNotices.
select role, party_id, max(id)::bigint as id
from notifications
where order_id = @order_id and read_at is null and kind != 'saved-search'
group by role, party_id;

-- name: FoundNotices :many
select role, party_id, id
from notifications
where
  order_id = @order_id
  and read_at is null
  and kind = 'saved-search'
  and party_id = any (@parties::uuid[]);

-- Events are not committed in the order of their ids. ReplayFrom therefore goes back one minute
-- before the last event that the reader has seen, so that none is missed. Ids grow with time, so
-- that few earlier rows are read.
-- name: ReplayFrom :one
select coalesce(min(e.id) - 1, @after::bigint)::bigint
from order_events as e
where
  e.id <= @after::bigint
  and e.id > @floor::bigint
  and e.recorded_at > (
    select l.recorded_at - interval '1 minute'
    from order_events as l
    where l.id <= @after::bigint
    order by l.id desc
    limit 1
  );

-- name: EventsFrom :many
-- EventsFrom returns the events after one of the last few thousand. "offset 0" makes the server
-- read these first and then select the reader's. Nearly every event is the moderators', so that
-- their half stops at the page size.
select told.id, told.order_id, told.seq
from
  (
    (
      select e.id, e.order_id, e.seq
      from
        order_events as e
        join orders as o on o.id = e.order_id
      where @role::text = 'moderator' and o.stage != 'draft' and e.id > @after::bigint
      order by e.id
      limit @page
    )
    union all
    (
      select e.id, e.order_id, e.seq
      from
        (
          select a.id, a.order_id, a.seq
          from order_events as a
          where @role != 'moderator' and a.id > @after
          offset 0
        ) as e
      where e.order_id in (select orders_of(@role, sqlc.narg('party')::uuid))
      order by e.id
      limit @page
    )
  ) as told
order by told.id
limit @page;

-- name: LastEvent :one
select coalesce(max(id), 0)::bigint from order_events;
