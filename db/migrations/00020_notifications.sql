-- +goose Up

-- Notifications are read by whose they are, the newest first, and by the order that they are about.
-- The moderators share theirs: no party is one reader like any other.
create function reader(party uuid)
returns uuid
language sql
immutable
parallel safe
return coalesce(party, '00000000-0000-0000-0000-000000000000'::uuid);
create index notifications_reader on notifications (role, reader(party_id), id desc);
create index notifications_reader_unread on notifications (role, reader(party_id), id desc)
where read_at is null;
create index notifications_order on notifications (order_id, role, party_id, id)
where read_at is null;
drop index notifications_party, notifications_unread;

-- +goose Down
create index notifications_party on notifications (party_id, id desc);
create index notifications_unread on notifications (party_id) where read_at is null;
drop index notifications_order, notifications_reader_unread, notifications_reader;
drop function reader(uuid);
