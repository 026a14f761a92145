-- +goose Up

-- The moderators' list of all orders: pages, filters and the total are read from this index alone.
-- What every action changes is not in it.
create index orders_published on orders (published_at desc, id desc)
include (shown_stage, region, work_kind, number, engineer_id, overdue)
where stage != 'draft';

-- The public list of engineers, as it is offered to a customer who has typed nothing yet.
create index engineers_listed on engineers (receives_orders desc, name_order, id)
include (regions, employer_id, employment)
where in_registry and not blocked and profile_complete;

-- The moderators' list of all engineers: a page is read from the first index alone, and the total
-- from the second.
drop index engineers_by_name;
create index engineers_by_name on engineers (name_order, id) include (snils, in_registry, blocked);
create index engineers_standing on engineers (in_registry, blocked, snils);

-- +goose Down
drop index engineers_standing, engineers_by_name;
create index engineers_by_name on engineers (name_order, id);
drop index engineers_listed, orders_published;
