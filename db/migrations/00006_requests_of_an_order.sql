-- +goose Up

-- A sender's unanswered messages are counted for one order at each message: his other orders must
-- not make that slower.
create index requests_sender on requests (person_id, order_id, created_at);
drop index requests_person;

-- +goose Down
create index requests_person on requests (person_id, created_at);
drop index requests_sender;
