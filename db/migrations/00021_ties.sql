-- +goose Up

-- An account that another one stands for is the same account wherever people are tied to it: an
-- engineer works for an entrepreneur under whichever of his accounts the engineer's employer or the
-- order's customer was recorded.
update engineers as e
set employer_id = p.same_as
from parties as p
where p.id = e.employer_id and p.same_as is not null;
update parties as k
set is_employer = true
from parties as d
where d.same_as = k.id and d.is_employer;
update parties as p
set active_engineers = (
  select count(*)
  from engineers as e
  where e.employer_id = p.id and e.employment = 'confirmed' and e.in_registry and not e.blocked
)
where p.same_as is not null or exists (select from parties as d where d.same_as = p.id);
-- +goose StatementBegin
create function move_engineers()
returns trigger
language plpgsql
as $$
begin
    update engineers set employer_id = new.same_as where employer_id = new.id;
    update parties k set is_employer = k.is_employer or new.is_employer,
            active_engineers = (select count(*) from engineers e
                where e.employer_id = k.id and e.employment = 'confirmed' and e.in_registry and not e.blocked)
        where k.id = new.same_as;
    return null;
end $$;
-- +goose StatementEnd
create trigger parties_engineers
after update of same_as on parties
for each row
when (new.same_as is not null)
execute function move_engineers();

-- Every action asks who is the same human: the digits by which that is known are kept with the
-- rows.
alter table people add column snils_number text generated always as (snils_digits(snils)) stored;
alter table engineers add column snils_number text generated always as (snils_digits(snils)) stored;
create index people_snils_number on people (snils_number);
create index engineers_snils_number on engineers (snils_number);
drop index people_snils_digits, engineers_snils_digits;

-- +goose StatementBegin
create or replace function same_people(persons uuid[])
returns uuid[]
language plpgsql
stable
as $$
declare
    humans uuid[] := array(select coalesce(p.same_as, p.id) from people p where p.id = any(persons));
begin
    humans := humans || array(
        select coalesce(b.same_as, b.id) from people a join people b on b.snils_number = a.snils_number
        where a.id = any(humans) or a.same_as = any(humans));
    return array(select unnest(persons || humans) union select p.id from people p where p.same_as = any(humans));
end $$;

-- Nearly always they are the engineer's own row and nothing more, which is soon found out.
create or replace function engineer_people(engineer uuid)
returns uuid[]
language plpgsql
stable
as $$
declare
    own uuid[];
    others boolean;
begin
    select coalesce(array_agg(p.id), '{}'), bool_or(p.same_as is not null or p.snils_number is distinct from e.snils_number) into own, others
        from engineers e join people p on p.id = e.person_id or p.snils_number = e.snils_number where e.id = engineer;
    if not others and not exists (select from people p where p.same_as = any(own)) then
        return own;
    end if;
    return same_people(own);
end $$;

create or replace function tie_to_party(persons uuid[], party uuid)
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
       or exists (select from people p join engineers e on e.snils_number = p.snils_number where p.id = any(persons) and e.employer_id = party) then
        return 'employed';
    end if;
    return '';
end $$;

create or replace function tie_to_customer(person uuid, asked uuid)
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
    return tie_to_party(own, (select coalesce(p.same_as, p.id) from orders o join parties p on p.id = o.customer_id where o.id = asked));
end $$;

create or replace function tie_to_performer(person uuid, asked uuid)
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
    select coalesce(p.same_as, p.id) into employer from orders o join parties p on p.id = o.employer_id where o.id = asked;
    return case when employer is null then '' else tie_to_party(own, employer) end;
end $$;

-- Nobody represents a natural person, or is employed by one.
create or replace function engineer_ties(
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
    customer record;
    employer uuid;
begin
    select coalesce(c.same_as, c.id) as id, c.kind into customer from orders o join parties c on c.id = o.customer_id where o.id = asked;
    select e.employer_id into employer from engineers e where e.id = engineer;
    tie := case when is_customer(own, asked) then 'person' when customer.kind = 'person' then '' else tie_to_party(own, customer.id) end;
    if tie = '' and employer is not null then
        tie := case when employer = customer.id then 'employed' when represented_by_customer(employer, asked) then 'employer' else '' end;
    end if;
    persons_tie := '';
    if person = any(own) then
        persons_tie := 'person';
    elsif employer is not null and tie_to_party(same_people(array[person]), employer) = 'represents' then
        persons_tie := 'represents';
    end if;
end $$;

create or replace function own_side_orders(engineer uuid)
returns setof uuid
language plpgsql
stable
set plan_cache_mode = force_generic_plan
as $$
declare
    own uuid[] := engineer_people(engineer);
    employer uuid := (select e.employer_id from engineers e where e.id = engineer);
    customers uuid[] := own || same_people(array(
        select r.person_id from representatives r where r.party_id = employer and r.active and (r.chief or r.as_customer or r.as_employer)));
    accounts uuid[] := array(select r.party_id from representatives r where r.person_id = any(own) and r.active) || employer;
begin
    accounts := accounts || array(select p.id from parties p where p.same_as = any(accounts));
    return query
        select o.id from orders o where o.customer_person_id = any(customers) and o.stage = 'selection'
        union
        select o.id from parties p join orders o on o.customer_id = p.id where p.person_id = any(customers) and o.stage = 'selection'
        union
        select v.order_id from order_events v where v.actor_person = any(customers) and v.actor_role = 'customer'
        union
        select o.id from orders o where o.customer_id = any(accounts) and o.stage = 'selection';
end $$;
-- +goose StatementEnd

-- +goose Down
drop trigger parties_engineers on parties;
drop function move_engineers();
-- +goose StatementBegin
create or replace function same_people(persons uuid[])
returns uuid[]
language plpgsql
stable
as $$
declare
    humans uuid[] := array(select coalesce(p.same_as, p.id) from people p where p.id = any(persons));
begin
    humans := humans || array(
        select coalesce(b.same_as, b.id) from people a join people b on snils_digits(b.snils) = snils_digits(a.snils)
        where a.id = any(humans) or a.same_as = any(humans));
    return array(select unnest(persons || humans) union select p.id from people p where p.same_as = any(humans));
end $$;

create or replace function engineer_people(engineer uuid)
returns uuid[]
language plpgsql
stable
as $$
begin
    return same_people(array(
        select e.person_id from engineers e where e.id = engineer and e.person_id is not null
        union
        select p.id from engineers e join people p on snils_digits(p.snils) = snils_digits(e.snils) where e.id = engineer));
end $$;

create or replace function tie_to_party(persons uuid[], party uuid)
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
       or exists (select from people p join engineers e on snils_digits(e.snils) = snils_digits(p.snils)
                  where p.id = any(persons) and e.employer_id = party) then
        return 'employed';
    end if;
    return '';
end $$;

create or replace function tie_to_customer(person uuid, asked uuid)
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

create or replace function tie_to_performer(person uuid, asked uuid)
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

create or replace function engineer_ties(
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

create or replace function own_side_orders(engineer uuid)
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
create index people_snils_digits on people (snils_digits(snils));
create index engineers_snils_digits on engineers (snils_digits(snils));
alter table engineers drop column snils_number;
alter table people drop column snils_number;
