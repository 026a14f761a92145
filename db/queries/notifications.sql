-- name: Notifications :many
select n.id, n.kind, n.created_at, n.read_at, n.order_id, coalesce(o.number, '')::text as number
from notifications n left join orders o on o.id = n.order_id
where n.role = @role and reader(n.party_id) = reader(sqlc.narg('party_id'))
  and n.id < @before and (not @unread::boolean or n.read_at is null)
order by n.id desc limit @page;

-- name: UnreadNotifications :one
select count(*) from notifications
where role = @role and reader(party_id) = reader(sqlc.narg('party_id')) and read_at is null;

-- name: ReadNotifications :execrows
update notifications set read_at = @read_at
where role = @role and reader(party_id) = reader(sqlc.narg('party_id')) and read_at is null and id <= @up_to
  and (sqlc.narg('order_id')::uuid is null or order_id = sqlc.narg('order_id'));
