-- name: InsertBody :exec
insert into message_bodies (id, order_id, author_id, body, sha256)
values (@id, @order_id, @author_id, @body, @sha256)
on conflict (id) do nothing;

-- name: DeleteUnusedBodies :execrows
delete from message_bodies where not used and created_at < @before;
