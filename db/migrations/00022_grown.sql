-- +goose Up

-- A response that left its order is closed, also that of the performer: who took an offer is bound
-- by the customer's conditions.
update responses as r
set status = 'closed'
from orders as o
where
  o.id = r.order_id
  and r.status = 'chosen'
  and not coalesce(
    o.state -> 'responses' @> jsonb_build_array(jsonb_build_object('engineer', r.engineer_id)),
    false
  );

-- What a database of years of work reads whole otherwise. The sweep of texts asks for each one
-- whether a published form or a response is that text, and the deletion of a draft asks for its
-- notifications, read ones too.
create index orders_form on orders (form_id) where form_id is not null;
create index responses_body on responses (body_id) where body_id is not null;
drop index notifications_order;
create index notifications_order on notifications (order_id) where order_id is not null;

-- Whether the moderators were told of the same before.
create index notifications_moderators on notifications (kind, created_at) where party_id is null;

-- Whether another file has the same content: one that is being checked has it too.
drop index files_hash;
create index files_hash on files (sha256) where status in ('checking', 'stored');

-- The orders and the responses that hear what becomes of an engineer. Most orders are over.
create index orders_in_work on orders (engineer_id)
where stage in ('contract', 'prepayment', 'work', 'acceptance', 'registration', 'payment');
create index responses_open on responses (engineer_id) where status = 'open';

-- The files and the notifications of one person go over to another, and those of nobody else are
-- looked at.
create index files_uploader on files (uploader_id);
-- +goose StatementBegin
create or replace function merge_people(duplicate uuid, kept uuid)
returns void
language plpgsql
as $$
begin
    perform 1 from people where id in (duplicate, kept) order by id for update;
    update people set same_as = kept where same_as = duplicate;
    update people set same_as = kept where id = duplicate;
    update people k set active = k.active and d.active, birth_date = coalesce(k.birth_date, d.birth_date)
        from people d where k.id = kept and d.id = duplicate;
    update person_esia_numbers set person_id = kept where person_id = duplicate;
    -- Accounts: the kept person's own stands for the duplicate's, and one that only the duplicate
    -- had becomes his.
    update parties d set same_as = k.id, esia_oid = null from parties k
        where d.person_id = duplicate and k.person_id = kept and k.kind = d.kind;
    update parties o set same_as = d.same_as from parties d where o.same_as = d.id and d.person_id = duplicate and d.same_as is not null;
    update parties set person_id = kept where person_id = duplicate and same_as is null;
    update representatives r set person_id = kept, party_id = account_of(r.party_id) where r.person_id = duplicate
        and not exists (select from representatives k where k.person_id = kept and k.party_id = account_of(r.party_id));
    delete from representatives where person_id = duplicate;
    -- A consent that either of them withdrew is withdrawn.
    update consents set person_id = kept where person_id = duplicate
        and not exists (select from consents c where c.person_id = kept and c.version = consents.version and c.given_at = consents.given_at);
    update consents c set withdrawn_at = w.at from (select max(withdrawn_at) as at from consents where person_id = kept) w
        where c.person_id = kept and c.withdrawn_at is null and c.given_at < w.at;
    update sessions s set person_id = kept, party_id = case when s.role in ('customer', 'employer') then account_of(s.party_id) else s.party_id end
        where s.person_id = duplicate;
    update engineers set person_id = kept where person_id = duplicate
        and not exists (select from engineers where person_id = kept);
    update files set uploader_id = kept where uploader_id = duplicate;
    update notifications n set party_id = d.same_as from parties d
        where d.person_id = duplicate and d.same_as is not null and n.role = 'customer' and reader(n.party_id) = d.id;
    update order_forms set author_id = kept where author_id = duplicate;
    update requests set person_id = kept where person_id = duplicate;
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
create or replace function merge_people(duplicate uuid, kept uuid)
returns void
language plpgsql
as $$
begin
    perform 1 from people where id in (duplicate, kept) order by id for update;
    update people set same_as = kept where same_as = duplicate;
    update people set same_as = kept where id = duplicate;
    update people k set active = k.active and d.active, birth_date = coalesce(k.birth_date, d.birth_date)
        from people d where k.id = kept and d.id = duplicate;
    update person_esia_numbers set person_id = kept where person_id = duplicate;
    -- Accounts: the kept person's own stands for the duplicate's, and one that only the duplicate
    -- had becomes his.
    update parties d set same_as = k.id, esia_oid = null from parties k
        where d.person_id = duplicate and k.person_id = kept and k.kind = d.kind;
    update parties o set same_as = d.same_as from parties d where o.same_as = d.id and d.person_id = duplicate and d.same_as is not null;
    update parties set person_id = kept where person_id = duplicate and same_as is null;
    update representatives r set person_id = kept, party_id = account_of(r.party_id) where r.person_id = duplicate
        and not exists (select from representatives k where k.person_id = kept and k.party_id = account_of(r.party_id));
    delete from representatives where person_id = duplicate;
    -- A consent that either of them withdrew is withdrawn.
    update consents set person_id = kept where person_id = duplicate
        and not exists (select from consents c where c.person_id = kept and c.version = consents.version and c.given_at = consents.given_at);
    update consents c set withdrawn_at = w.at from (select max(withdrawn_at) as at from consents where person_id = kept) w
        where c.person_id = kept and c.withdrawn_at is null and c.given_at < w.at;
    update sessions s set person_id = kept, party_id = case when s.role in ('customer', 'employer') then account_of(s.party_id) else s.party_id end
        where s.person_id = duplicate;
    update engineers set person_id = kept where person_id = duplicate
        and not exists (select from engineers where person_id = kept);
    update files set uploader_id = kept where uploader_id = duplicate;
    update notifications n set party_id = account_of(n.party_id)
        where n.role = 'customer' and n.party_id in (select id from parties where person_id = duplicate and same_as is not null);
    update order_forms set author_id = kept where author_id = duplicate;
    update requests set person_id = kept where person_id = duplicate;
end $$;
-- +goose StatementEnd
drop index files_uploader, responses_open, orders_in_work;
drop index files_hash;
create index files_hash on files (sha256) where status = 'stored';
drop index notifications_moderators;
drop index notifications_order;
create index notifications_order on notifications (order_id, role, party_id, id)
where read_at is null;
drop index responses_body, orders_form;
