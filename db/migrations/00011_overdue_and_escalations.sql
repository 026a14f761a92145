-- +goose Up

-- An order that became overdue lost its deadline. When it came stands in the record: the message by
-- which the order told itself.
update orders as o
set deadline = m.received_at
from
  (
    select distinct on (e.order_id) e.order_id, m.received_at
    from
      order_events as e
      join order_messages as m on m.order_id = e.order_id and m.seq = e.seq
    where e.kind = 'deadline-due' and e.details ->> 'due' like '%-overdue'
    order by e.order_id, e.seq desc
  ) as m
where m.order_id = o.id and o.overdue and o.deadline is null;

-- Nobody signs in as an operator: what was addressed to that role nobody read. The moderators may
-- act on it.
update notifications set role = 'moderator' where role = 'operator';

-- A worker of the version before goes on addressing operators until it is stopped.
-- +goose StatementBegin
create function notify_moderators()
returns trigger
language plpgsql
as $$
begin
    new.role := 'moderator';
    return new;
end $$;
-- +goose StatementEnd
create trigger notifications_reach_somebody
before insert on notifications
for each row
when (new.role = 'operator')
execute function notify_moderators();

-- +goose Down
-- Which notifications were the operators' is not kept; the deadlines stay, the version before only
-- ignores them.
drop trigger notifications_reach_somebody on notifications;
drop function notify_moderators();
