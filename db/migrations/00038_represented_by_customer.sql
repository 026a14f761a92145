-- +goose Up

-- Whether somebody may act for an organisation who is the customer of an order. The people of all
-- its representatives are looked for at once.
-- +goose StatementBegin
create or replace function represented_by_customer(party uuid, asked uuid)
returns boolean
language plpgsql
stable
as $$
begin
    return is_customer(same_people(array(
        select r.person_id from representatives r
        where r.party_id = party and r.active and (r.chief or r.as_customer or r.as_employer))), asked);
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
create or replace function represented_by_customer(party uuid, asked uuid)
returns boolean
language plpgsql
stable
as $$
begin
    return exists (
        select from representatives r
        where r.party_id = party and r.active and (r.chief or r.as_customer or r.as_employer) and is_customer(same_people(array[r.person_id]), asked));
end $$;
-- +goose StatementEnd
