-- +goose Up

-- The name by which people know an engineer: that of ЕСИА once he has signed in, and until then the
-- registry's.
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

-- The public list of engineers, a row for each who is in it, with what it is searched and sorted
-- by: one table, so that one index gives a page. The keys sort upwards: a rating is the negative of
-- its hundredths times a million, less the number of marks.
create table engineer_listing (
  engineer_id uuid primary key references engineers (id)
    on delete cascade,
  name_order text collate "C" not null,
  search text not null,
  sro_search text not null,
  regions text[] not null,
  works text[] not null,
  form text not null,
  receives_orders boolean not null,
  rating_key bigint not null,
  completed_key bigint not null,
  since_key bigint not null,
  price_key bigint not null
);

-- What sorts behind all: no price, no year.
create function last_key()
returns bigint
language sql
immutable
parallel safe
return 9000000000000000000;

-- Who is listed and as what: the one place that says so.
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

-- The words of the names in the list, each under itself and under itself without one of its
-- letters: two words that differ by one typing error have such a spelling in common.
create table name_spellings (
  spelling text not null,
  word text not null,
  primary key (spelling, word)
);
create function spellings_of(word text)
returns setof text
language sql
immutable
strict
parallel safe
as $$
    select word union select overlay(word placing '' from i for 1) from generate_series(1, length(word)) i
$$;

-- Adds the words of the engineers' names. They are added in order, so that two who add the same
-- ones wait for each other.
-- +goose StatementBegin
create function spell_names(engineers uuid[])
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
-- Writes the engineers' rows of the list anew. The locks make two changes of one engineer take
-- turns, so that the later one sees the earlier. There are few such locks, because a transaction
-- may change thousands of engineers.
create function list_engineers(engineers uuid[])
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

create function list_changed_engineer()
returns trigger
language plpgsql
as $$
begin
    perform list_engineers(array[new.id]);
    return null;
end $$;

create function list_added_engineers()
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

create function list_changed_details()
returns trigger
language plpgsql
as $$
begin
    perform list_engineers(array(select distinct c.engineer_id from changed c));
    return null;
end $$;

create function list_counted_engineer()
returns trigger
language plpgsql
as $$
begin
    perform list_engineers(array[new.engineer_id]);
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

insert into engineer_listing select * from listed_engineers;
select spell_names(array(select l.engineer_id from engineer_listing as l));

create trigger engineers_listed
after insert on engineers
referencing new table as added
for each statement
execute function list_added_engineers();
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
create trigger engineer_profiles_listed
after update on engineer_profiles
referencing new table as changed
for each statement
execute function list_changed_details();
create trigger engineer_profiles_listed_new
after insert on engineer_profiles
referencing new table as changed
for each statement
execute function list_changed_details();
create trigger engineer_works_listed
after update on engineer_works
referencing new table as changed
for each statement
execute function list_changed_details();
create trigger engineer_works_listed_new
after insert on engineer_works
referencing new table as changed
for each statement
execute function list_changed_details();
create trigger engineer_works_listed_gone
after delete on engineer_works
referencing old table as changed
for each statement
execute function list_changed_details();
create trigger engineer_statistics_listed_new
after insert on engineer_statistics
for each row
when (new.marks != 0 or new.completed != 0)
execute function list_counted_engineer();
create trigger engineer_statistics_listed
after update on engineer_statistics
for each row
when
  (
    (old.marks, old.mark_sum, old.completed) is distinct from (
      new.marks,
      new.mark_sum,
      new.completed
    )
  )
execute function list_counted_engineer();
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

create index engineer_listing_rating on engineer_listing (rating_key, name_order, engineer_id);
create index engineer_listing_completed on engineer_listing (
  completed_key,
  name_order,
  engineer_id
);
create index engineer_listing_since on engineer_listing (since_key, name_order, engineer_id);
create index engineer_listing_price on engineer_listing (price_key, name_order, engineer_id);
create index engineer_listing_name on engineer_listing (name_order, engineer_id);
create index engineer_listing_search on engineer_listing using gin (search gin_trgm_ops)
with (gin_pending_list_limit = 512);
create index engineer_listing_sro on engineer_listing using gin (sro_search gin_trgm_ops)
with (gin_pending_list_limit = 512);
create index engineer_listing_regions on engineer_listing using gin (regions)
with (gin_pending_list_limit = 512);
create index engineer_works_price on engineer_works (
  work_kind,
  coalesce(price, 9000000000000000000),
  engineer_id
);

-- The conditions of a search, as text: a page and its total are two statements with the same ones.
-- $1 to $12 are the parameters of both. The first three words of a name are named one by one: only
-- so is the index searched for all of them.
-- +goose StatementBegin
create function listing_conditions(price text)
returns text
language sql
immutable
as $$
  select
    '($1 = '''' or l.search like $1 and l.search like all ($2))
        and (cardinality($2) < 2 or l.search like $2[1] and l.search like $2[2])
        and (cardinality($2) < 3 or l.search like $2[3])
        and ($3 = '''' or l.search ~ $3 and l.search ~ all ($4))
        and ($5 = '''' or l.sro_search like $5)
        and (cardinality($6) = 0 or l.regions && $6)
        and ($7 = '''' or l.works @> array[$7])
        and ($8 = 0 or ' || price || ' <= $8)
        and ($9 = 0 or l.rating_key <= $9::bigint * -1000000)
        and ($10 = 0 or l.since_key <= $10)
        and ($11 = '''' or l.form = $11)
        and (not $12 or l.receives_orders)';
$$;
-- +goose StatementEnd
-- +goose StatementBegin
create function listing_source(work_kind text, priced boolean, out source text, out price text)
language sql
immutable
as $$
  select
    case
      when priced
      and work_kind != '' then 'engineer_listing l join engineer_works w on w.engineer_id = l.engineer_id and w.work_kind = $7'
      else 'engineer_listing l'
    end,
    case
      when priced
      and work_kind != '' then 'coalesce(w.price, 9000000000000000000)'
      else 'l.price_key'
    end;
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- A page of the list. The statement is planned for its parameters each time: conditions that are
-- not asked for vanish, and the index of the sorting is walked. Where the price of one kind of work
-- matters, it stands in the rows' price_key.
create function find_engineers(
  names text,
  words text[],
  spelling text,
  spellings text[],
  sro text,
  regions text[],
  work_kind text,
  price_to bigint,
  rating_from integer,
  since_to integer,
  form text,
  receives boolean,
  sort text,
  after1 bigint,
  after_name text,
  after_id uuid,
  page integer
)
returns setof engineer_listing
language plpgsql
stable
as $$
declare
    l record := listing_source(work_kind, price_to > 0 or sort = 'price');
    key text := case sort when 'rating' then 'l.rating_key' when 'completed' then 'l.completed_key' when 'experience' then 'l.since_key'
                          when 'price' then l.price end;
begin
    return query execute format(
        'select l.engineer_id, l.name_order, l.search, l.sro_search, l.regions, l.works, l.form, l.receives_orders, l.rating_key, l.completed_key, l.since_key, %1$s
         from %2$s where %3$s and %4$s order by %5$s limit $13',
        l.price, l.source, listing_conditions(l.price),
        case when key is null then '(l.name_order, l.engineer_id) > ($15, $16)'
             else format('%1$s >= $14 and (%1$s, l.name_order, l.engineer_id) > ($14, $15, $16)', key) end,
        concat_ws(', ', key, 'l.name_order', 'l.engineer_id'))
    using names, words, spelling, spellings, sro, regions, work_kind, price_to, rating_from, since_to, form, receives, page, after1, after_name, after_id;
end $$;

-- How many engineers the conditions find, but no more than most.
create function count_engineers(
  names text,
  words text[],
  spelling text,
  spellings text[],
  sro text,
  regions text[],
  work_kind text,
  price_to bigint,
  rating_from integer,
  since_to integer,
  form text,
  receives boolean,
  most integer
)
returns bigint
language plpgsql
stable
as $$
declare
    l     record := listing_source(work_kind, price_to > 0);
    found bigint;
begin
    execute format('select count(*) from (select from %s where %s limit $13) f', l.source, listing_conditions(l.price))
        into found using names, words, spelling, spellings, sro, regions, work_kind, price_to, rating_from, since_to, form, receives, most;
    return found;
end $$;
-- +goose StatementEnd

-- +goose Down
drop function count_engineers(
  text,
  text[],
  text,
  text[],
  text,
  text[],
  text,
  bigint,
  integer,
  integer,
  text,
  boolean,
  integer
);
drop function find_engineers(
  text,
  text[],
  text,
  text[],
  text,
  text[],
  text,
  bigint,
  integer,
  integer,
  text,
  boolean,
  text,
  bigint,
  text,
  uuid,
  integer
);
drop function listing_source(text, boolean);
drop function listing_conditions(text);
drop index engineer_works_price;
drop trigger people_listed on people;
drop trigger engineer_statistics_listed on engineer_statistics;
drop trigger engineer_statistics_listed_new on engineer_statistics;
drop trigger engineer_works_listed_gone on engineer_works;
drop trigger engineer_works_listed_new on engineer_works;
drop trigger engineer_works_listed on engineer_works;
drop trigger engineer_profiles_listed_new on engineer_profiles;
drop trigger engineer_profiles_listed on engineer_profiles;
drop trigger engineers_listed_anew on engineers;
drop trigger engineers_listed on engineers;
drop view listed_engineers;
drop table engineer_listing, name_spellings;
drop function list_renamed_person();
drop function list_changed_details();
drop function list_added_engineers();
drop function list_changed_engineer();
drop function list_counted_engineer();
drop function list_engineers(uuid[]);
drop function spell_names(uuid[]);
drop function spellings_of(text);
drop function last_key();
drop function engineer_name(engineers);
