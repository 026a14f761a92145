-- Queries for the requests to sign a document in «Госключ».

-- name: InsertGoskeyRequest :execrows
-- InsertGoskeyRequest inserts nothing if the request is known, or if the person has another one for
-- the document that has not ended.
insert into goskey_requests
  (
    id,
    order_id,
    action,
    person_id,
    role,
    party_id,
    document_id,
    document_sha256,
    created_at,
    expires_at
  )
values
  (
    @id,
    @order_id,
    @action,
    @person_id,
    @role,
    @party_id,
    @document_id,
    @document_sha256,
    @created_at,
    @expires_at
  )
on conflict do nothing;

-- name: GoskeyRequest :one
-- GoskeyRequest returns a request with its document and what the order is now.
select
  g.*,
  f.name as document_name,
  f.size as document_size,
  o.number as order_number,
  o.shown_stage
from
  goskey_requests as g
  join files as f on f.id = g.document_id
  join orders as o on o.id = g.order_id
where g.id = @id;

-- name: GoskeyRequestsOf :many
-- GoskeyRequestsOf returns the newest request of a party's people for each action of an order.
select distinct on (g.action) g.*
from goskey_requests as g
where g.order_id = @order_id and g.party_id = @party_id
order by g.action, g.created_at desc, g.id;

-- name: OpenGoskeyRequest :one
-- OpenGoskeyRequest returns the person's request for a document that has not ended.
select *
from goskey_requests
where
  order_id = @order_id
  and person_id = @person_id
  and document_sha256 = @document_sha256
  and ended_at is null;

-- name: ReserveGoskeyOrder :execrows
-- ReserveGoskeyOrder records the number of a request once.
update goskey_requests
set goskey_order = @goskey_order::bigint
where id = @id and goskey_order is null and ended_at is null;

-- name: SetGoskeyState :execrows
-- SetGoskeyState records a state of a request that goes on.
update goskey_requests
set
  state = @state,
  detail = @detail
where id = @id and ended_at is null and signature_id is null and state != @state;

-- name: SetGoskeySignature :execrows
-- SetGoskeySignature records the file of the signature once.
update goskey_requests
set
  state = 'signed',
  signature_id = @signature_id::uuid,
  received_at = @received_at::timestamptz
where id = @id and ended_at is null and signature_id is null;

-- name: EndGoskeyRequest :execrows
-- EndGoskeyRequest ends a request once.
update goskey_requests
set
  state = @state,
  reason = @reason,
  detail = case
    when @detail::text = '' then detail
    else @detail::text
  end,
  message_id = coalesce(sqlc.narg('message_id'), message_id),
  ended_at = @ended_at::timestamptz
where id = @id and ended_at is null;

-- name: NotifyOfGoskey :exec
-- NotifyOfGoskey notifies the party for which a request was made of how it ended.
insert into notifications (role, party_id, order_id, kind, subject, created_at)
select g.role, g.party_id, g.order_id, 'goskey-' || g.state, f.name, g.ended_at
from
  goskey_requests as g
  join files as f on f.id = g.document_id
where g.id = @id and g.ended_at is not null;

-- name: WaitingGoskeyRequests :many
-- WaitingGoskeyRequests returns the requests that wait for their people, of those with the numbers.
select id from goskey_requests where state = 'waiting' and goskey_order = any (@numbers::bigint[]);

-- name: GoskeyWaits :one
-- GoskeyWaits reports whether any request waits for its person.
select exists (select from goskey_requests where state = 'waiting')::boolean as waits;
