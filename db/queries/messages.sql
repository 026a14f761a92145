-- name: LockOrderRequests :exec
-- LockOrderRequests serialises counting an order's messages and adding a new one, across all API
-- processes.
select pg_advisory_xact_lock(hashtextextended(cast(@order_id as text), 12));

-- name: InsertRequest :one
-- InsertRequest also counts the order's other requests that wait for a verdict or came lately: the
-- sender's own, and those of all who share his limits, see requests.by_strangers.
with
  kept as (
    insert into requests
      (
        message_id,
        order_id,
        person_id,
        kind,
        request_sha256,
        created_at,
        signal_sha256,
        bytes,
        by_strangers
      )
    values
      (
        @message_id,
        @order_id,
        @person_id,
        @kind,
        @request_sha256,
        @created_at,
        @signal_sha256,
        @bytes,
        @by_strangers
      )
    on conflict (message_id) do update set undelivered_at = null
    returning request_sha256, created_at, (xmax = 0)::boolean as fresh
  ),
  earlier as (
    select
      r.person_id,
      r.bytes,
      r.created_at,
      r.undelivered_at is null and m.id is null as waits,
      r.undelivered_at is null as delivered
    from
      requests as r
      left join order_messages as m on m.id = r.message_id
    where
      r.order_id = @order_id
      and r.created_at > @since
      and r.by_strangers = @by_strangers
      and r.message_id != @message_id
  ),
  load as (
    select
      count(*) filter (where earlier.waits and earlier.person_id = @person_id) as own_waiting,
      coalesce(
        sum(earlier.bytes) filter (where earlier.waits and earlier.person_id = @person_id),
        0
      )::bigint as own_bytes,
      count(*) filter (where earlier.waits) as waiting,
      coalesce(sum(earlier.bytes) filter (where earlier.waits), 0)::bigint as waiting_bytes,
      count(*) filter (
        where earlier.delivered and earlier.created_at > @lately::timestamptz
      ) as lately,
      count(*) filter (where earlier.delivered and earlier.person_id = @person_id) as own_today
    from earlier
  )
select
  k.request_sha256,
  k.created_at,
  k.fresh,
  l.own_waiting,
  l.own_bytes,
  l.waiting,
  l.waiting_bytes,
  l.lately,
  l.own_today
from
  kept as k,
  load as l;

-- name: MarkSignalFailed :exec
update requests set undelivered_at = @at where message_id = @message_id;

-- name: ResignRequest :exec
update requests set signal_sha256 = @signal_sha256 where message_id = @message_id;

-- name: RequestByID :one
select message_id, order_id, person_id, kind, request_sha256, created_at
from requests
where message_id = @message_id;

-- name: Verdict :one
select
  id,
  order_id,
  seq,
  kind,
  verdict,
  code,
  reason,
  actor_role,
  actor_person,
  actor_party,
  received_at,
  happened_at
from order_messages
where id = @id;

-- name: LockDraftsOf :exec
select pg_advisory_xact_lock(hashtextextended(@party::text, 11));

-- name: CountDrafts :one
-- CountDrafts counts the drafts of a customer's account, including those not recorded yet.
select
  (
    (select count(*) from orders as o where o.customer_id = @party and o.stage = 'draft') + (
      select count(*)
      from requests as r
      where
        r.person_id = @person_id
        and r.kind = 'create'
        and r.created_at > @since
        and r.undelivered_at is null
        and not exists (select 1 from order_messages as m where m.id = r.message_id)
    )
  )::bigint as drafts;
