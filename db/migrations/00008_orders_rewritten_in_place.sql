-- +goose Up

-- Every action writes its order's row. No index holds what every action changes, and pages keep
-- room, so that a new version of a row stays on its page and the indexes are left alone. Lists sort
-- by an expression, for which the time in these indexes was of no use.
drop index orders_customer, orders_engineer, orders_employer;
create index orders_customer on orders (customer_id);
create index orders_engineer on orders (engineer_id) where engineer_id is not null;
create index orders_employer on orders (employer_id) where employer_id is not null;
alter table orders set (fillfactor = 70);

-- +goose Down
alter table orders reset (fillfactor);
drop index orders_customer, orders_engineer, orders_employer;
create index orders_customer on orders (customer_id, updated_at desc);
create index orders_engineer on orders (engineer_id, updated_at desc) where engineer_id is not null;
create index orders_employer on orders (employer_id, updated_at desc) where employer_id is not null;
