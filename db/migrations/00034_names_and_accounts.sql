-- +goose Up

-- A name in one line, as the API writes it.
create function full_name(last_name text, first_name text, middle_name text)
returns text
language sql
immutable
strict
parallel safe
return btrim(regexp_replace(last_name || ' ' || first_name || ' ' || middle_name, '\s+', ' ', 'g'));

-- Reports whether a person uses the platform: his account is on, and he has not withdrawn his
-- consent. One who never gave any has not.
-- +goose StatementBegin
create function account_in_use(person people)
returns boolean
language sql
stable
as $$
  select
    person.active
    and (
      not exists (select from consents as c where c.person_id = person.id)
      or exists (select from consents as c where c.person_id = person.id and c.withdrawn_at is null)
    );
$$;
-- +goose StatementEnd

-- What the person of an engineer says of him. Triggers repeat it here, so that the indexes of
-- engineers contain it.
alter table engineers
-- The name of ЕСИА; empty until he signs in.
add column own_name text not null default '',
add column account_on boolean not null default true;
update engineers as e
set
  own_name = full_name(p.last_name, p.first_name, p.middle_name),
  account_on = account_in_use(p)
from people as p
where p.id = e.person_id;

-- name is the one by which people know an engineer: that of ЕСИА once he has signed in, and until
-- then the registry's. registry_name is the registry's where it differs. Both are searched for.
drop index engineers_search, engineers_by_name, engineers_listed;
alter table engineers drop column search, drop column name_order;
alter table engineers
add column name text not null generated always as (
  case
    when own_name = '' then full_name(last_name, first_name, middle_name)
    else own_name
  end
) stored,
add column registry_name text generated always as (
  case
    when own_name not in ('', full_name(last_name, first_name, middle_name)) then full_name(
      last_name,
      first_name,
      middle_name
    )
  end
) stored,
add column search text not null generated always as (
  ' ' || search_fold(
    full_name(last_name, first_name, middle_name) || case
      when own_name != full_name(last_name, first_name, middle_name) then ' ' || own_name
      else ''
    end || ' ' || registry_number
  ) || ' '
) stored,
add column name_order text collate "C" not null generated always as (
  name_order(
    case
      when own_name = '' then full_name(last_name, first_name, middle_name)
      else own_name
    end
  )
) stored,
-- Who is listed: the one place that says so.
add column listed boolean not null generated always as (
  in_registry
  and not blocked
  and profile_complete
  and account_on
) stored;
create index engineers_search on engineers using gin (search gin_trgm_ops);
create index engineers_by_name on engineers (name_order, id) include (snils, in_registry, blocked);
create index engineers_listed on engineers (receives_orders desc, name_order, id)
include (regions, employer_id, employment)
where listed;

-- How many engineers of an employer the rule of two counts.
create function count_active_engineers(employer uuid)
returns integer
language sql
stable
return (
  select count(*)::integer
  from engineers as e
  where
    e.employer_id = employer
    and e.employment = 'confirmed'
    and e.in_registry
    and not e.blocked
    and e.account_on
);
update parties as p
set active_engineers = count_active_engineers(p.id)
where p.id in (select e.employer_id from engineers as e where not e.account_on);

-- +goose StatementBegin
create function take_over_person()
returns trigger
language plpgsql
as $$
declare
    p people;
begin
    select * into p from people where id = new.person_id;
    new.own_name := coalesce(full_name(p.last_name, p.first_name, p.middle_name), '');
    new.account_on := p.id is null or account_in_use(p);
    return new;
end $$;

-- The employer is locked before the engineer, as everywhere.
create function refresh_engineer_of(person uuid)
returns void
language plpgsql
as $$
begin
    perform from parties o where o.id in (select e.employer_id from engineers e where e.person_id = person) order by o.id for no key update;
    update engineers e set own_name = full_name(p.last_name, p.first_name, p.middle_name), account_on = account_in_use(p)
    from people p
    where p.id = person and e.person_id = person
      and (e.own_name, e.account_on) is distinct from (full_name(p.last_name, p.first_name, p.middle_name), account_in_use(p));
end $$;

create function refresh_engineer_of_person()
returns trigger
language plpgsql
as $$
begin
    perform refresh_engineer_of(new.id);
    return null;
end $$;

create function refresh_engineer_of_consent()
returns trigger
language plpgsql
as $$
begin
    perform refresh_engineer_of(new.person_id);
    return null;
end $$;

create function recount_employer()
returns trigger
language plpgsql
as $$
begin
    update parties p set active_engineers = count_active_engineers(p.id) where p.id = new.employer_id;
    return null;
end $$;
-- +goose StatementEnd

create trigger engineers_person_new
before insert on engineers
for each row
when (new.person_id is not null)
execute function take_over_person();
create trigger engineers_person
before update of person_id on engineers
for each row
when (old.person_id is distinct from new.person_id)
execute function take_over_person();
create trigger engineers_account
after update on engineers
for each row
when (old.account_on != new.account_on and new.employer_id is not null)
execute function recount_employer();
drop trigger people_listed on people;
drop function list_renamed_person();
create trigger people_engineer
after update on people
for each row
when
  (
    (old.last_name, old.first_name, old.middle_name, old.active) is distinct from (
      new.last_name,
      new.first_name,
      new.middle_name,
      new.active
    )
  )
execute function refresh_engineer_of_person();
create trigger consents_engineer
after insert or update on consents
for each row
execute function refresh_engineer_of_consent();

drop view listed_engineers;
create view listed_engineers as
  select
    e.id as engineer_id,
    e.name_order,
    e.search,
    ' ' || search_fold(e.sro) || ' ' as sro_search,
    e.regions,
    w.kinds as works,
    e.form,
    e.receives_orders,
    case
      when coalesce(s.marks, 0) = 0 then 0
      else -(round(100.0 * s.mark_sum / s.marks)::bigint * 1000000 + least(s.marks, 999999))
    end as rating_key,
    -coalesce(s.completed, 0)::bigint as completed_key,
    coalesce(p.experience_since, last_key()) as since_key,
    coalesce(w.lowest, last_key()) as price_key
  from
    engineers as e
    left join engineer_statistics as s on s.engineer_id = e.id
    left join engineer_profiles as p on p.engineer_id = e.id
    cross join lateral (
      select coalesce(array_agg(k.work_kind), '{}') as kinds, min(k.price) as lowest
      from engineer_works as k
      where k.engineer_id = e.id
    ) as w
  where e.listed;

-- +goose StatementBegin
create or replace function spell_names(engineers uuid[])
returns void
language sql
as $$
  insert into name_spellings (spelling, word)
  select s, w.word
  from
    (
      select distinct
        unnest(
          string_to_array(search_fold(e.name || ' ' || coalesce(e.registry_name, '')), ' ')
        ) as word
      from engineers as e
      where e.id = any (engineers)
    ) as w
    cross join lateral spellings_of(w.word) as s
  where
    length(w.word) >= 4
    and not exists (select from name_spellings as k where k.spelling = w.word and k.word = w.word)
  order by s, w.word
  on conflict do nothing;
$$;
-- +goose StatementEnd
drop function engineer_name(engineers);

-- +goose StatementBegin
create or replace function list_engineers(engineers uuid[])
returns void
language plpgsql
as $$
begin
    perform pg_advisory_xact_lock(29, k.key) from (select distinct hashtext(e::text) & 63 as key from unnest(engineers) e order by 1) k;
    insert into engineer_listing as l select * from listed_engineers v where v.engineer_id = any(engineers)
    on conflict (engineer_id) do update set
        name_order = excluded.name_order, search = excluded.search, sro_search = excluded.sro_search, regions = excluded.regions,
        works = excluded.works, form = excluded.form, receives_orders = excluded.receives_orders, rating_key = excluded.rating_key,
        completed_key = excluded.completed_key, since_key = excluded.since_key, price_key = excluded.price_key;
    delete from engineer_listing l where l.engineer_id = any(engineers)
        and not exists (select from engineers e where e.id = l.engineer_id and e.listed);
    perform spell_names(array(select l.engineer_id from engineer_listing l where l.engineer_id = any(engineers)));
end $$;

create or replace function list_added_engineers()
returns trigger
language plpgsql
as $$
declare
    complete uuid[] := array(select a.id from added a where a.listed);
begin
    if complete <> '{}' then
        insert into engineer_listing select * from listed_engineers v where v.engineer_id = any(complete);
        perform spell_names(complete);
    end if;
    return null;
end $$;
-- +goose StatementEnd

drop trigger engineers_listed_anew on engineers;
create trigger engineers_listed_anew
after update on engineers
for each row
when
  (
    (
      old.listed,
      old.name_order,
      old.search,
      old.sro,
      old.form,
      old.receives_orders,
      old.regions
    ) is distinct from (
      new.listed,
      new.name_order,
      new.search,
      new.sro,
      new.form,
      new.receives_orders,
      new.regions
    )
  )
execute function list_changed_engineer();

-- Who is listed otherwise than before: those with another name in the registry, and those who do
-- not use their accounts.
select
  list_engineers(
    array(select e.id from engineers as e where e.registry_name is not null or not e.account_on)
  );

-- +goose Down
drop trigger engineers_listed_anew on engineers;
drop trigger consents_engineer on consents;
drop trigger people_engineer on people;
drop trigger engineers_account on engineers;
drop trigger engineers_person on engineers;
drop trigger engineers_person_new on engineers;
-- +goose StatementBegin
create function engineer_name(e engineers)
returns text
language sql
stable
as $$
  select
    coalesce(
      (
        select concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, ''))
        from people as p
        where p.id = e.person_id
      ),
      concat_ws(' ', e.last_name, e.first_name, nullif(e.middle_name, ''))
    );
$$;
-- +goose StatementEnd
drop view listed_engineers;
create view listed_engineers as
  select
    e.id as engineer_id,
    name_order(n.name) as name_order,
    ' ' || search_fold(n.name || ' ' || e.registry_number) || ' ' as search,
    ' ' || search_fold(e.sro) || ' ' as sro_search,
    e.regions,
    w.kinds as works,
    e.form,
    e.receives_orders,
    case
      when coalesce(s.marks, 0) = 0 then 0
      else -(round(100.0 * s.mark_sum / s.marks)::bigint * 1000000 + least(s.marks, 999999))
    end as rating_key,
    -coalesce(s.completed, 0)::bigint as completed_key,
    coalesce(p.experience_since, last_key()) as since_key,
    coalesce(w.lowest, last_key()) as price_key
  from
    engineers as e
    left join engineer_statistics as s on s.engineer_id = e.id
    left join engineer_profiles as p on p.engineer_id = e.id
    cross join lateral (select engineer_name(e) as name offset 0) as n
    cross join lateral (
      select coalesce(array_agg(k.work_kind), '{}') as kinds, min(k.price) as lowest
      from engineer_works as k
      where k.engineer_id = e.id
    ) as w
  where e.in_registry and not e.blocked and e.profile_complete;
-- +goose StatementBegin
create or replace function spell_names(engineers uuid[])
returns void
language sql
as $$
  insert into name_spellings (spelling, word)
  select s, w.word
  from
    (
      select distinct unnest(string_to_array(search_fold(engineer_name(e)), ' ')) as word
      from engineers as e
      where e.id = any (engineers)
    ) as w
    cross join lateral spellings_of(w.word) as s
  where
    length(w.word) >= 4
    and not exists (select from name_spellings as k where k.spelling = w.word and k.word = w.word)
  order by s, w.word
  on conflict do nothing;
$$;
-- +goose StatementEnd
-- +goose StatementBegin
create or replace function list_engineers(engineers uuid[])
returns void
language plpgsql
as $$
begin
    perform pg_advisory_xact_lock(29, k.key) from (select distinct hashtext(e::text) & 63 as key from unnest(engineers) e order by 1) k;
    insert into engineer_listing as l select * from listed_engineers v where v.engineer_id = any(engineers)
    on conflict (engineer_id) do update set
        name_order = excluded.name_order, search = excluded.search, sro_search = excluded.sro_search, regions = excluded.regions,
        works = excluded.works, form = excluded.form, receives_orders = excluded.receives_orders, rating_key = excluded.rating_key,
        completed_key = excluded.completed_key, since_key = excluded.since_key, price_key = excluded.price_key;
    delete from engineer_listing l where l.engineer_id = any(engineers)
        and not exists (select from engineers e where e.id = l.engineer_id and e.in_registry and not e.blocked and e.profile_complete);
    perform spell_names(array(select l.engineer_id from engineer_listing l where l.engineer_id = any(engineers)));
end $$;

create or replace function list_added_engineers()
returns trigger
language plpgsql
as $$
declare
    complete uuid[] := array(select a.id from added a where a.in_registry and not a.blocked and a.profile_complete);
begin
    if complete <> '{}' then
        insert into engineer_listing select * from listed_engineers v where v.engineer_id = any(complete);
        perform spell_names(complete);
    end if;
    return null;
end $$;

create function list_renamed_person()
returns trigger
language plpgsql
as $$
begin
    perform list_engineers(array(select e.id from engineers e where e.person_id = new.id));
    return null;
end $$;
-- +goose StatementEnd
create trigger people_listed
after update on people
for each row
when
  (
    (old.last_name, old.first_name, old.middle_name) is distinct from (
      new.last_name,
      new.first_name,
      new.middle_name
    )
  )
execute function list_renamed_person();
drop function recount_employer();
drop function refresh_engineer_of_consent();
drop function refresh_engineer_of_person();
drop function refresh_engineer_of(uuid);
drop function take_over_person();
drop function count_active_engineers(uuid);
drop index engineers_search, engineers_by_name, engineers_listed;
alter table engineers
drop column name,
drop column registry_name,
drop column search,
drop column name_order,
drop column listed;
alter table engineers drop column own_name, drop column account_on;
drop function account_in_use(people);
drop function full_name(text, text, text);
alter table engineers
add column search text not null generated always as (
  ' ' || search_fold(
    last_name || ' ' || first_name || ' ' || middle_name || ' ' || registry_number
  ) || ' '
) stored,
add column name_order text collate "C" not null generated always as (
  name_order(last_name || ' ' || first_name || ' ' || middle_name)
) stored;
create index engineers_search on engineers using gin (search gin_trgm_ops);
create index engineers_by_name on engineers (name_order, id) include (snils, in_registry, blocked);
create index engineers_listed on engineers (receives_orders desc, name_order, id)
include (regions, employer_id, employment)
where in_registry and not blocked and profile_complete;
update parties as p
set active_engineers = (
  select count(*)
  from engineers as e
  where e.employer_id = p.id and e.employment = 'confirmed' and e.in_registry and not e.blocked
)
where p.id in (select e.employer_id from engineers as e where e.employer_id is not null);
create trigger engineers_listed_anew
after update on engineers
for each row
when
  (
    (
      old.in_registry,
      old.blocked,
      old.profile_complete,
      old.last_name,
      old.first_name,
      old.middle_name,
      old.registry_number,
      old.sro,
      old.person_id,
      old.form,
      old.receives_orders,
      old.regions
    ) is distinct from (
      new.in_registry,
      new.blocked,
      new.profile_complete,
      new.last_name,
      new.first_name,
      new.middle_name,
      new.registry_number,
      new.sro,
      new.person_id,
      new.form,
      new.receives_orders,
      new.regions
    )
  )
execute function list_changed_engineer();
select list_engineers(array(select e.id from engineers as e where e.person_id is not null));
