-- +goose Up

-- Who stands on which side of an order as a human, whatever account he used: nobody may act on both. A message asks this of one order
-- and one person, so these are functions, each of a few looks into indexes, and no views. Their plans do not depend on whom they ask about:
-- planning anew each time would cost more than the answer.

create index orders_customer_person on orders (customer_person_id);
create index order_events_customer on order_events (actor_person, order_id) where actor_role = 'customer';
create index representatives_party on representatives (party_id) where active;

-- The rows of people that are the same humans: those of one СНИЛС.
-- +goose StatementBegin
create function same_people(persons uuid[]) returns uuid[] language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
    return array(
        select unnest(persons)
        union
        select b.id from people a join people b on b.snils = a.snils where a.id = any(persons) and a.snils <> '');
end $$;
-- +goose StatementEnd

-- The rows of people that are the human who is an engineer.
-- +goose StatementBegin
create function engineer_people(engineer uuid) returns uuid[] language plpgsql stable set plan_cache_mode = force_generic_plan as $$
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

-- The humans who are an order's customer: who created it, whose account it is, and who has acted for that account in it.
-- +goose StatementBegin
create function order_customers(asked uuid) returns uuid[] language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
    return same_people(array(
        select o.customer_person_id from orders o where o.id = asked
        union
        select p.person_id from orders o join parties p on p.id = o.customer_id where o.id = asked and p.person_id is not null
        union
        select v.actor_person from order_events v where v.order_id = asked and v.actor_role = 'customer' and v.actor_person is not null));
end $$;
-- +goose StatementEnd

-- The humans who are an order's performer: the engineer, and whose signature or delivery stands for him under the signed contract.
-- +goose StatementBegin
create function order_performers(asked uuid) returns uuid[] language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
    o record;
begin
    select engineer_id, stage into o from orders where id = asked;
    if o.engineer_id is null then
        return '{}';
    elsif o.stage not in ('prepayment', 'work', 'acceptance', 'registration', 'payment', 'completed') then
        return engineer_people(o.engineer_id);
    end if;
    return engineer_people(o.engineer_id) || same_people(array(
        select v.actor_person from order_events v
        where v.order_id = asked and v.actor_role = 'engineer' and v.actor_person is not null
          and (v.kind in ('submit-results', 'sign-act-alone', 'submit-final', 'send-act')
               or v.seq = (select max(c.seq) from order_events c where c.order_id = asked and c.kind = 'send-contract'))));
end $$;
-- +goose StatementEnd

-- How people are tied to an organisation: its head and those whom the head admitted represent it, its other people and its engineers are
-- employed there. A tie is named in order.Tie; empty is none.
-- +goose StatementBegin
create function tie_to_party(persons uuid[], party uuid) returns text language plpgsql stable set plan_cache_mode = force_generic_plan as $$
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
create function tie_to_customer(person uuid, asked uuid) returns text language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
    customer uuid;
    own uuid[] := same_people(array[person]);
begin
    if own && order_customers(asked) then
        return 'person';
    end if;
    select o.customer_id into customer from orders o where o.id = asked;
    return tie_to_party(own, customer);
end $$;
-- +goose StatementEnd

-- How a person is tied to the performer of an order, or to the performer's employer.
-- +goose StatementBegin
create function tie_to_performer(person uuid, asked uuid) returns text language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
    o record;
    own uuid[];
begin
    select engineer_id, employer_id into o from orders where id = asked;
    if o.engineer_id is null then
        return '';
    end if;
    own := same_people(array[person]);
    if own && order_performers(asked) then
        return 'person';
    elsif o.employer_id is null then
        return '';
    end if;
    return tie_to_party(own, o.employer_id);
end $$;
-- +goose StatementEnd

-- How an engineer is tied to the customer of an order.
-- +goose StatementBegin
create function engineer_tie(asked uuid, engineer uuid) returns text language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
    customer uuid;
    employer uuid;
    customers uuid[] := order_customers(asked);
    own uuid[] := engineer_people(engineer);
    tie text;
begin
    if own && customers then
        return 'person';
    end if;
    select o.customer_id into customer from orders o where o.id = asked;
    select e.employer_id into employer from engineers e where e.id = engineer;
    tie := tie_to_party(own, customer);
    if tie <> '' then
        return tie;
    elsif employer = customer then
        return 'employed';
    elsif exists (select from representatives r where r.person_id = any(customers) and r.party_id = employer and r.active
                  and (r.chief or r.as_customer or r.as_employer)) then
        return 'employer';
    end if;
    return '';
end $$;
-- +goose StatementEnd

-- How a person is tied to an engineer: he is that engineer, or represents his employer.
-- +goose StatementBegin
create function tie_to_engineer(person uuid, engineer uuid) returns text language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
    own uuid[] := same_people(array[person]);
begin
    if own && engineer_people(engineer) then
        return 'person';
    elsif exists (select from representatives r join engineers e on e.employer_id = r.party_id where e.id = engineer
                  and r.person_id = any(own) and r.active and (r.chief or r.as_customer or r.as_employer)) then
        return 'represents';
    end if;
    return '';
end $$;
-- +goose StatementEnd

-- The orders in selection of which an engineer is on the customer's side, see engineer_tie; others may be among them.
-- +goose StatementBegin
create function own_side_orders(engineer uuid) returns setof uuid language plpgsql stable set plan_cache_mode = force_generic_plan as $$
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
drop function tie_to_engineer(uuid, uuid);
drop function engineer_tie(uuid, uuid);
drop function tie_to_performer(uuid, uuid);
drop function tie_to_customer(uuid, uuid);
drop function tie_to_party(uuid[], uuid);
drop function order_performers(uuid);
drop function order_customers(uuid);
drop function engineer_people(uuid);
drop function same_people(uuid[]);
drop index representatives_party, order_events_customer, orders_customer_person;
