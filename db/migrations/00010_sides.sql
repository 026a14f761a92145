-- +goose Up

-- Who stands on which side of an order as a human, whatever account he used: nobody may act on
-- both. A message asks this of one order and one person, so these are functions, each of a few
-- looks into indexes, and no views. Their plans do not depend on whom they ask about: planning anew
-- each time would cost more than the answer. Those that every action asks say so, for what they
-- call in turn too.

create index orders_customer_person on orders (customer_person_id);
create index order_events_customer on order_events (actor_person, order_id)
where actor_role = 'customer';
create index representatives_party on representatives (party_id) where active;

-- The rows of people that are the same humans: those of one СНИЛС.
-- +goose StatementBegin
create function same_people(persons uuid[])
returns uuid[]
language plpgsql
stable
as $$
begin
    return array(
        select unnest(persons)
        union
        select b.id from people a join people b on b.snils = a.snils where a.id = any(persons) and a.snils <> '');
end $$;
-- +goose StatementEnd

-- The rows of people that are the human who is an engineer.
-- +goose StatementBegin
create function engineer_people(engineer uuid)
returns uuid[]
language plpgsql
stable
as $$
begin
    return array(
        select e.person_id from engineers e where e.id = engineer and e.person_id is not null
        union
        select p.id from engineers e join people p on p.snils = e.snils where e.id = engineer
        union
        select p.id from engineers e join people a on a.id = e.person_id join people p on p.snils = a.snils
            where e.id = engineer and a.snils <> '');
end $$;
-- +goose StatementEnd

-- Whether a human is an order's customer, given all his rows of people: he created it, his account
-- it is, or he has acted for that account in it.
-- +goose StatementBegin
create function is_customer(own uuid[], asked uuid)
returns boolean
language plpgsql
stable
as $$
begin
    return exists (select from orders o left join parties p on p.id = o.customer_id
                   where o.id = asked and (o.customer_person_id = any(own) or p.person_id = any(own)))
        or exists (select from order_events v where v.actor_person = any(own) and v.order_id = asked and v.actor_role = 'customer');
end $$;
-- +goose StatementEnd

-- Whether a human is an order's performer, given all his rows of people: he is the engineer, or his
-- signature or delivery stands for the engineer under the signed contract.
-- +goose StatementBegin
create function is_performer(own uuid[], asked uuid)
returns boolean
language plpgsql
stable
as $$
declare
    o record;
begin
    select engineer_id, stage into o from orders where id = asked;
    if o.engineer_id is null then
        return false;
    elsif own && engineer_people(o.engineer_id) then
        return true;
    elsif o.stage not in ('prepayment', 'work', 'acceptance', 'registration', 'payment', 'completed') then
        return false;
    end if;
    return exists (
        select from order_events v
        where v.order_id = asked and v.actor_role = 'engineer' and v.actor_person = any(own)
          and (v.kind in ('submit-results', 'sign-act-alone', 'submit-final', 'send-act')
               or v.seq = (select max(c.seq) from order_events c where c.order_id = asked and c.kind = 'send-contract')));
end $$;
-- +goose StatementEnd

-- Whether somebody may act for an organisation who is the customer of an order.
-- +goose StatementBegin
create function represented_by_customer(party uuid, asked uuid)
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

-- How people are tied to an organisation: its head and those whom the head admitted represent it,
-- its other people and its engineers are employed there. A tie is named in order.Tie; empty is
-- none.
-- +goose StatementBegin
create function tie_to_party(persons uuid[], party uuid)
returns text
language plpgsql
stable
as $$
declare
    acts boolean;
begin
    select bool_or(r.chief or r.as_customer or r.as_employer) into acts
        from representatives r where r.person_id = any(persons) and r.party_id = party and r.active;
    if acts then
        return 'represents';
    elsif acts is not null
       or exists (select from engineers e where e.person_id = any(persons) and e.employer_id = party)
       or exists (select from people p join engineers e on e.snils = p.snils where p.id = any(persons) and e.employer_id = party) then
        return 'employed';
    end if;
    return '';
end $$;
-- +goose StatementEnd

-- How a person is tied to the customer of an order.
-- +goose StatementBegin
create function tie_to_customer(person uuid, asked uuid)
returns text
language plpgsql
stable
set plan_cache_mode = force_generic_plan
as $$
declare
    own uuid[] := same_people(array[person]);
begin
    if is_customer(own, asked) then
        return 'person';
    end if;
    return tie_to_party(own, (select o.customer_id from orders o where o.id = asked));
end $$;
-- +goose StatementEnd

-- How a person is tied to the performer of an order, or to the performer's employer.
-- +goose StatementBegin
create function tie_to_performer(person uuid, asked uuid)
returns text
language plpgsql
stable
set plan_cache_mode = force_generic_plan
as $$
declare
    own uuid[] := same_people(array[person]);
    employer uuid;
begin
    if is_performer(own, asked) then
        return 'person';
    end if;
    select o.employer_id into employer from orders o where o.id = asked;
    return case when employer is null then '' else tie_to_party(own, employer) end;
end $$;
-- +goose StatementEnd

-- How an engineer is tied to the customer of an order, and a person to the engineer: he is that
-- engineer, or represents his employer. Nobody asks about no person.
-- +goose StatementBegin
create function engineer_ties(
  asked uuid,
  engineer uuid,
  person uuid,
  out tie text,
  out persons_tie text
)
language plpgsql
stable
set plan_cache_mode = force_generic_plan
as $$
declare
    own uuid[] := engineer_people(engineer);
    customer uuid := (select o.customer_id from orders o where o.id = asked);
    employer uuid := (select e.employer_id from engineers e where e.id = engineer);
begin
    tie := case when is_customer(own, asked) then 'person' else tie_to_party(own, customer) end;
    if tie = '' and employer is not null then
        tie := case when employer = customer then 'employed' when represented_by_customer(employer, asked) then 'employer' else '' end;
    end if;
    persons_tie := '';
    if person = any(own) then
        persons_tie := 'person';
    elsif employer is not null and tie_to_party(same_people(array[person]), employer) = 'represents' then
        persons_tie := 'represents';
    end if;
end $$;
-- +goose StatementEnd

-- The orders in selection of which an engineer is on the customer's side, see engineer_ties; others
-- may be among them.
-- +goose StatementBegin
create function own_side_orders(engineer uuid)
returns setof uuid
language plpgsql
stable
set plan_cache_mode = force_generic_plan
as $$
declare
    own uuid[] := engineer_people(engineer);
    employer uuid;
    customers uuid[];
begin
    select e.employer_id into employer from engineers e where e.id = engineer;
    customers := own || same_people(array(
        select r.person_id from representatives r where r.party_id = employer and r.active and (r.chief or r.as_customer or r.as_employer)));
    return query
        select o.id from orders o where o.customer_person_id = any(customers) and o.stage = 'selection'
        union
        select o.id from parties p join orders o on o.customer_id = p.id where p.person_id = any(customers) and o.stage = 'selection'
        union
        select v.order_id from order_events v where v.actor_person = any(customers) and v.actor_role = 'customer'
        union
        select o.id from representatives r join orders o on o.customer_id = r.party_id
        where r.person_id = any(own) and r.active and o.stage = 'selection'
        union
        select o.id from orders o where o.customer_id = employer and o.stage = 'selection';
end $$;
-- +goose StatementEnd

-- +goose Down
drop function own_side_orders(uuid);
drop function engineer_ties(uuid, uuid, uuid);
drop function tie_to_performer(uuid, uuid);
drop function tie_to_customer(uuid, uuid);
drop function tie_to_party(uuid[], uuid);
drop function represented_by_customer(uuid, uuid);
drop function is_performer(uuid[], uuid);
drop function is_customer(uuid[], uuid);
drop function engineer_people(uuid);
drop function same_people(uuid[]);
drop index representatives_party, order_events_customer, orders_customer_person;
