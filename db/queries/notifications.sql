-- name: Notifications :many
select
  n.id,
  n.kind,
  n.subject,
  n.created_at,
  n.read_at,
  n.order_id,
  coalesce(o.number, '')::text as number
from
  notifications as n
  left join orders as o on o.id = n.order_id
where
  n.role = @role
  and reader(n.party_id) = reader(sqlc.narg('party_id'))
  and n.id < @before
  and (not @unread::boolean or n.read_at is null)
order by n.id desc
limit @page;

-- name: UnreadNotifications :one
select count(*)
from notifications
where role = @role and reader(party_id) = reader(sqlc.narg('party_id')) and read_at is null;

-- name: ReadNotifications :execrows
-- ReadNotifications marks the notifications up to one as read, of every order or of one order; or,
-- with @single, that one alone.
update notifications
set read_at = @read_at
where
  role = @role
  and reader(party_id) = reader(sqlc.narg('party_id'))
  and read_at is null
  and id <= @up_to
  and (not @single::boolean or id = @up_to)
  and (sqlc.narg('order_id')::uuid is null or order_id = sqlc.narg('order_id'));

-- name: Notice :one
-- Notice returns whom a notification is for, and the order that it is about.
select role, party_id, order_id, id from notifications where id = @id;

-- name: InsertReviewNotice :exec
insert into notifications (role, party_id, order_id, review_id, kind, subject, created_at)
values (@role, @party_id, @order_id, @review_id, @kind, @subject, @created_at);
