-- +goose Up

-- The order's life has ended: no message changes its stage any more. As order.Stage.Final says for
-- every stage that a row can have.
create function final_stage(stage text)
returns boolean
language sql
immutable
parallel safe
return stage in ('completed', 'cancelled');

-- +goose Down
drop function final_stage(text);
