-- +goose Up

-- The kinds of work of each listed engineer with their prices and his place among equal prices, so that
-- one index gives the page of a search by the price of one kind.
create table listed_works (
  work_kind text not null,
  price_key bigint not null,
  name_order text collate "C" not null,
  engineer_id uuid not null references engineer_listing (engineer_id)
    on delete cascade,
  primary key (engineer_id, work_kind)
);

-- Writes the works of the engineers anew that are in the list.
-- +goose StatementBegin
create function list_works(engineers uuid[])
returns void
language sql
as $$
  delete from listed_works as k
  where
    k.engineer_id = any (engineers)
    and not exists (
      select
      from engineer_works as w
      where w.engineer_id = k.engineer_id and w.work_kind = k.work_kind
    );
  insert into listed_works as k (work_kind, price_key, name_order, engineer_id)
  select w.work_kind, coalesce(w.price, last_key()), l.name_order, l.engineer_id
  from
    engineer_listing as l
    join engineer_works as w on w.engineer_id = l.engineer_id
  where l.engineer_id = any (engineers)
  on conflict (engineer_id, work_kind) do update
    set
      price_key = excluded.price_key,
      name_order = excluded.name_order
    where (k.price_key, k.name_order) is distinct from (excluded.price_key, excluded.name_order);
$$;
-- +goose StatementEnd

select list_works(array(select l.engineer_id from engineer_listing as l));

create index listed_works_price on listed_works (work_kind, price_key, name_order, engineer_id);
drop index engineer_works_price;

-- As before, with the works.
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
    perform list_works(engineers);
    perform spell_names(array(select l.engineer_id from engineer_listing l where l.engineer_id = any(engineers)));
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create or replace function list_added_engineers()
returns trigger
language plpgsql
as $$
declare
    complete uuid[] := array(select a.id from added a where a.listed);
begin
    if complete <> '{}' then
        insert into engineer_listing select * from listed_engineers v where v.engineer_id = any(complete);
        perform list_works(complete);
        perform spell_names(complete);
    end if;
    return null;
end $$;
-- +goose StatementEnd

-- The conditions but that of the work: its table or its column meets it.
-- +goose StatementBegin
create or replace function listing_conditions(price text)
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
        and ($8 = 0 or ' || price || ' <= $8)
        and ($9 = 0 or l.rating_key <= $9::bigint * -1000000)
        and ($10 = 0 or l.since_key <= $10)
        and ($11 = '''' or l.form = $11)
        and (not $12 or l.receives_orders)';
$$;
-- +goose StatementEnd

-- Where a search reads from, the price that counts in it, and the condition of the work.
-- +goose StatementBegin
drop function listing_source(text, boolean);
create function listing_source(
  work_kind text,
  priced boolean,
  out source text,
  out price text,
  out works text
)
language plpgsql
immutable
as $$
begin
    if priced and work_kind <> '' then
        source := 'listed_works w join engineer_listing l on l.engineer_id = w.engineer_id and w.work_kind = $7';
        price := 'w.price_key';
        works := '';
    else
        source := 'engineer_listing l';
        price := 'l.price_key';
        works := 'and ($7 = '''' or l.works @> array[$7])';
    end if;
end $$;
-- +goose StatementEnd

-- As before, but equal prices of one kind of work are sorted by its own index.
-- +goose StatementBegin
create or replace function find_engineers(
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
         from %2$s where %3$s %6$s and %4$s order by %5$s limit $13',
        l.price, l.source, listing_conditions(l.price),
        case when key is null then '(l.name_order, l.engineer_id) > ($15, $16)'
             else format('%1$s >= $14 and (%1$s, %2$s.name_order, %2$s.engineer_id) > ($14, $15, $16)', key, left(key, 1)) end,
        case when key is null then 'l.name_order, l.engineer_id' else format('%1$s, %2$s.name_order, %2$s.engineer_id', key, left(key, 1)) end, l.works)
    using names, words, spelling, spellings, sro, regions, work_kind, price_to, rating_from, since_to, form, receives, page, after1, after_name, after_id;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create or replace function count_engineers(
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
    execute format('select count(*) from (select from %s where %s %s limit $13) f', l.source, listing_conditions(l.price), l.works)
        into found using names, words, spelling, spellings, sro, regions, work_kind, price_to, rating_from, since_to, form, receives, most;
    return found;
end $$;
-- +goose StatementEnd

-- +goose Down
drop function listing_source(text, boolean);
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
-- +goose StatementEnd
-- +goose StatementBegin
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
-- +goose StatementBegin
create or replace function listing_conditions(price text)
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
create or replace function listing_source(
  work_kind text,
  priced boolean,
  out source text,
  out price text
)
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
create or replace function find_engineers(
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
-- +goose StatementEnd
-- +goose StatementBegin
create or replace function count_engineers(
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
create index engineer_works_price on engineer_works (
  work_kind,
  coalesce(price, 9000000000000000000),
  engineer_id
);
drop function list_works(uuid[]);
drop table listed_works;
