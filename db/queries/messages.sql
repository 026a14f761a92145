-- name: KeepRequest :one
-- unanswered are the sender's other messages to the order that have no verdict yet.
insert into requests (message_id, order_id, person_id, kind, request_sha256, created_at)
values (@message_id, @order_id, @person_id, @kind, @request_sha256, @created_at)
on conflict (message_id) do update set message_id = excluded.message_id
returning request_sha256, created_at, (xmax = 0)::boolean as fresh, (
    select count(*) from requests r
    where r.person_id = @person_id and r.order_id = @order_id and r.created_at > @since and r.message_id <> @message_id
      and not exists (select 1 from order_messages m where m.id = r.message_id)) as unanswered;

-- name: RequestByID :one
select message_id, order_id, person_id, kind, request_sha256, created_at from requests
where message_id = @message_id;

-- name: Verdict :one
select id, order_id, seq, kind, verdict, code, reason, actor_role, actor_person, actor_party, received_at, happened_at
from order_messages where id = @id;
