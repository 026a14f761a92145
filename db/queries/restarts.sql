-- Queries for restarting an order from its record after its workflow was lost.

-- name: OrderByNumber :one
select id from orders where number = @number;

-- name: RecordOf :many
select id, seq, outcome from order_messages where order_id = @order_id order by seq;

-- name: UnansweredRequests :many
select r.message_id, r.kind, r.created_at
from requests as r
where
  r.order_id = @order_id
  and not exists (select 1 from order_messages as m where m.id = r.message_id)
order by r.created_at;

-- name: InsertRestart :exec
insert into order_restarts
  (message_id, order_id, seq, operator, reason, lost_run, lost_status, restarted_at)
values (@message_id, @order_id, @seq, @operator, @reason, @lost_run, @lost_status, @restarted_at);

-- name: HaltedOrders :many
select order_id from order_alarms where kind = 'order-halted' order by order_id;

-- name: EndAlarm :exec
delete from order_alarms where order_id = @order_id and kind = @kind;
