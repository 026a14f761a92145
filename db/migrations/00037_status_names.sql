-- +goose Up

-- Renames what the code calls an engineer's status and the notification of orders. The version
-- before reads the old names: it must be stopped first.
alter table engineers rename column standing_at to status_at;
alter table engineers rename column standing_by to status_by;
alter index engineers_standing rename to engineers_status;
alter view engineer_standings
rename to engineer_statuses;
alter table registry_runs rename column told to notified;
alter table registry_runs rename column tell_ms to notify_ms;
drop view untold_orders;

-- +goose Down
create view untold_orders as
  select order_id, engineer_id, source, active, as_of, person_id from pending_status_notifications;
alter table registry_runs rename column notify_ms to tell_ms;
alter table registry_runs rename column notified to told;
alter view engineer_statuses
rename to engineer_standings;
alter index engineers_status rename to engineers_standing;
alter table engineers rename column status_by to standing_by;
alter table engineers rename column status_at to standing_at;
