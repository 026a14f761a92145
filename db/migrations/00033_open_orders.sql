-- +goose Up

-- «Поиск по заказам»: a row for each order that awaits its engineer, with what it is searched and
-- sorted by. An order's own row is wide, and orders that are over are many more; here a search
-- reads a few small pages. A response changes the row in place: no index has its number.
create table open_orders (
  order_id uuid primary key references orders (id)
    on delete cascade,
  number text not null,
  region text not null,
  work_kind text not null,
  customer_kind text not null,
  priced boolean not null,
  prepayment boolean not null,
  term_date date,
  term_days integer,
  responses integer not null,
  place text not null,
  published_at timestamptz not null
)
with (fillfactor = 80);

-- Which orders are listed and as what: the one place that says so.
create view listed_open_orders as
  select
    o.id as order_id,
    o.number,
    o.region,
    o.work_kind,
    c.kind as customer_kind,
    o.price is not null as priced,
    o.prepayment,
    o.term_date,
    o.term_days,
    o.responses,
    o.place,
    o.published_at
  from
    orders as o
    join parties as c on c.id = o.customer_id
  where o.stage = 'selection' and o.published_at is not null;

-- +goose StatementBegin
create function list_open_order()
returns trigger
language plpgsql
as $$
begin
    if new.stage <> 'selection' then
        delete from open_orders l where l.order_id = new.id;
        return null;
    end if;
    insert into open_orders as l select v.* from listed_open_orders v where v.order_id = new.id
    on conflict (order_id) do update set
        number = excluded.number, region = excluded.region, work_kind = excluded.work_kind, customer_kind = excluded.customer_kind,
        priced = excluded.priced, prepayment = excluded.prepayment, term_date = excluded.term_date, term_days = excluded.term_days,
        responses = excluded.responses, place = excluded.place, published_at = excluded.published_at;
    return null;
end $$;
-- +goose StatementEnd

insert into open_orders select * from listed_open_orders;

create trigger orders_listed
after update on orders
for each row
when
  (
    (old.stage = 'selection' or new.stage = 'selection')
    and (
      old.stage,
      old.number,
      old.region,
      old.work_kind,
      old.customer_id,
      old.price,
      old.prepayment,
      old.term_date,
      old.term_days,
      old.responses,
      old.place,
      old.published_at
    ) is distinct from (
      new.stage,
      new.number,
      new.region,
      new.work_kind,
      new.customer_id,
      new.price,
      new.prepayment,
      new.term_date,
      new.term_days,
      new.responses,
      new.place,
      new.published_at
    )
  )
execute function list_open_order();
create trigger orders_listed_new
after insert on orders
for each row
when (new.stage = 'selection')
execute function list_open_order();

-- What orders are sorted by in the order of urgency. Orders with a date for their term move among
-- the others from day to day, and are walked apart from them.
create function urgency_key(term_date date, term_days integer)
returns integer
language sql
immutable
parallel safe
return coalesce(term_date - date '2000-01-01', term_days, 1000000);

drop index orders_open, orders_place;
create index open_orders_published on open_orders (region, published_at desc, order_id);
create index open_orders_urgent on open_orders (
  region,
  (term_date is null),
  urgency_key(term_date, term_days),
  published_at,
  order_id
);
-- The same for a search of kinds of work.
create index open_orders_kind_published on open_orders (
  region,
  work_kind,
  published_at desc,
  order_id
);
create index open_orders_kind_urgent on open_orders (
  region,
  work_kind,
  (term_date is null),
  urgency_key(term_date, term_days),
  published_at,
  order_id
);
-- The same for a search in many regions.
create index open_orders_published_anywhere on open_orders (published_at desc, order_id);
create index open_orders_urgent_anywhere on open_orders (
  (term_date is null),
  urgency_key(term_date, term_days),
  published_at,
  order_id
);
create index open_orders_text on open_orders using gin (place gin_trgm_ops, number gin_trgm_ops)
with (gin_pending_list_limit = 512);

-- The conditions of a search, as text: a page and its total are two statements with the same ones.
-- $1 to $11 are the parameters of both. They are planned for their parameters each time: conditions
-- that are not asked for vanish.
-- +goose StatementBegin
create function open_order_conditions()
returns text
language sql
immutable
as $$
  select
    'o.order_id <> all ($1)
        and (cardinality($3) = 0 or o.work_kind = any ($3))
        and (cardinality($4) = 0 or o.customer_kind = any ($4))
        and o.number like all ($5) and o.place like all ($6)
        and ($7 is null or o.term_date <= $7)
        and ($8 is null or o.term_days <= $8)
        and (not $9 or o.responses = 0)
        and (not $10 or o.prepayment)
        and (not $11 or o.priced)';
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Walks the orders in the order of the list, from the last row of the previous page on: those of
-- each region, or of each region and kind of work if kinds are asked for, or all of them if these
-- are many. The settings keep the planner to this: it takes every region for an average one, and
-- would rather sort it.
create function walk_open_orders(
  hidden uuid[],
  regions text[],
  work_kinds text[],
  customer_kinds text[],
  number_parts text[],
  place_words text[],
  term_date_to date,
  term_days_to integer,
  without_responses boolean,
  prepayment boolean,
  priced boolean,
  sort text,
  today date,
  after1 bigint,
  after2 bigint,
  after_id uuid,
  page integer,
  most integer
)
returns table (order_id uuid, key1 bigint, key2 bigint, total bigint)
language plpgsql
stable
rows 20
set enable_bitmapscan = off
set enable_seqscan = off
as $$
declare
    found bigint := 0;
    many constant boolean := cardinality(regions) * greatest(cardinality(work_kinds), 1) > 10;
    parts constant text := 'unnest($2) r (region)' || case when work_kinds = '{}' then '' else ' cross join unnest($3) k (kind)' end;
    conditions_of_part constant text :=
        'o.region = r.region and ' || case when work_kinds = '{}' then '' else 'o.work_kind = k.kind and ' end || open_order_conditions();
    walks constant text := case when many then '(select $2) r (region)' else parts end;
    conditions constant text := case when many then 'o.region = any (r.region) and ' || open_order_conditions() else conditions_of_part end;
begin
    if most > 0 then
        execute format('select count(*) from (select from %s cross join lateral (select from open_orders o where %s) o limit $12) f',
                       parts, conditions_of_part)
            into found using hidden, regions, work_kinds, customer_kinds, number_parts, place_words, term_date_to, term_days_to, without_responses, prepayment,
                priced, most;
        if found = 0 then
            return;
        end if;
    end if;
    if sort = 'urgency' then
        return query execute format(
            'select o.order_id, (o.key - d.day)::bigint, (extract(epoch from o.published_at) * 1000000)::bigint, $13
             from %s cross join (
                 select v.undated, v.day from (values (false, $14 - date ''2000-01-01''), (true, 0)) v (undated, day)
                 where case when v.undated then $7 is null else $8 is null end) d
             cross join lateral (
                 select o.order_id, urgency_key(o.term_date, o.term_days) as key, o.published_at from open_orders o
                 where %s and (o.term_date is null) = d.undated and urgency_key(o.term_date, o.term_days) >= $15 + d.day
                   and (urgency_key(o.term_date, o.term_days), o.published_at, o.order_id) > ($15 + d.day, $16, $17)
                 order by key, o.published_at, o.order_id limit $12) o
             order by 2, o.published_at, o.order_id limit $12', walks, conditions)
        using hidden, regions, work_kinds, customer_kinds, number_parts, place_words, term_date_to, term_days_to, without_responses, prepayment,
            priced, page, found, today, greatest(after1, -1000000)::integer, timestamptz 'epoch' + greatest(after2, 0) * interval '1 microsecond',
            after_id;
    else
        return query execute format(
            'select o.order_id, (-(extract(epoch from o.published_at) * 1000000))::bigint, 0::bigint, $13
             from %s cross join lateral (
                 select o.order_id, o.published_at from open_orders o
                 where %s and o.published_at <= $14 and (o.published_at < $14 or o.order_id > $15)
                 order by o.published_at desc, o.order_id limit $12) o
             order by o.published_at desc, o.order_id limit $12', walks, conditions)
        using hidden, regions, work_kinds, customer_kinds, number_parts, place_words, term_date_to, term_days_to, without_responses, prepayment,
            priced, page, found, case when after1 < -8e18 then 'infinity' else timestamptz 'epoch' - after1 * interval '1 microsecond' end, after_id;
    end if;
end $$;

-- Finds the orders with a text that few orders contain by its index, all of them at once. The index
-- is searched for the patterns that are named one by one.
create function match_open_orders(
  hidden uuid[],
  regions text[],
  work_kinds text[],
  customer_kinds text[],
  number_parts text[],
  place_words text[],
  term_date_to date,
  term_days_to integer,
  without_responses boolean,
  prepayment boolean,
  priced boolean,
  sort text,
  today date,
  after1 bigint,
  after2 bigint,
  after_id uuid,
  page integer,
  most integer
)
returns table (order_id uuid, key1 bigint, key2 bigint, total bigint)
language plpgsql
stable
rows 20
as $$
begin
    return query execute format(
        'with chosen as materialized (
             select o.order_id,
                    (case when $18 then coalesce(o.term_date - $14, o.term_days, 1000000) else -(extract(epoch from o.published_at) * 1000000) end)::bigint as key1,
                    (case when $18 then extract(epoch from o.published_at) * 1000000 else 0 end)::bigint as key2
             from open_orders o
             where o.region = any ($2) and (cardinality($5) = 0 or o.number like $5[1]) and (cardinality($6) = 0 or o.place like $6[1])
               and (cardinality($6) < 2 or o.place like $6[2]) and %s)
         select o.order_id, o.key1, o.key2, (select least(count(*), $13) from chosen)
         from chosen o where (o.key1, o.key2, o.order_id) > ($15, $16, $17) order by o.key1, o.key2, o.order_id limit $12', open_order_conditions())
    using hidden, regions, work_kinds, customer_kinds, number_parts, place_words, term_date_to, term_days_to, without_responses, prepayment,
        priced, page, most::bigint, today, after1, after2, after_id, sort = 'urgency';
end $$;

-- Whether few of the newest orders contain a text.
create function is_rare_text(regions text[], number_parts text[], place_words text[])
returns boolean
language sql
stable
set enable_bitmapscan = off
set enable_seqscan = off
as $$
  select count(*) < 20
  from
    unnest(regions) as r (region)
    cross join lateral (
      select o.number, o.place
      from open_orders as o
      where o.region = r.region
      order by o.published_at desc, o.order_id
      limit 1 + 200 / cardinality(regions)
    ) as o
  where o.number like all (number_parts) and o.place like all (place_words);
$$;

-- A page of the open orders, and how many there are, but no more than most; with most 0 nothing is
-- counted. Left out are orders of the engineer's own side and those that an operator has to start
-- again.
create function find_open_orders(
  engineer uuid,
  regions text[],
  work_kinds text[],
  customer_kinds text[],
  number_parts text[],
  place_words text[],
  term_date_to date,
  term_days_to integer,
  without_responses boolean,
  prepayment boolean,
  priced boolean,
  sort text,
  today date,
  after1 bigint,
  after2 bigint,
  after_id uuid,
  page integer,
  most integer
)
returns table (order_id uuid, key1 bigint, key2 bigint, total bigint)
language plpgsql
stable
rows 20
as $$
declare
    hidden uuid[] := array(select own_side_orders(engineer) union select h.order_id from order_alarms h where h.kind = 'order-halted');
    wanted text[] := array(select distinct unnest(regions));
    kinds text[] := array(select distinct unnest(work_kinds));
begin
    if (place_words <> '{}' or number_parts <> '{}') and is_rare_text(wanted, number_parts, place_words) then
        return query select * from match_open_orders(hidden, wanted, kinds, customer_kinds, number_parts, place_words, term_date_to, term_days_to,
            without_responses, prepayment, priced, sort, today, after1, after2, after_id, page, most);
    else
        return query select * from walk_open_orders(hidden, wanted, kinds, customer_kinds, number_parts, place_words, term_date_to, term_days_to,
            without_responses, prepayment, priced, sort, today, after1, after2, after_id, page, most);
    end if;
end $$;
-- +goose StatementEnd

-- The deletion of an order looks for its reviews, also for those that ended.
create index reviews_of_order on reviews (order_id);

-- A new order is compared with the saved searches of the engineers who work in its region.
create index engineers_of_region on engineers using gin (regions) where person_id is not null;

-- The moderators' list of accounts by their roles, and of those that are off.
create index people_off on people (name_order, id) where not active and same_as is null;
create index parties_employers on parties (id) where is_employer;
create index parties_organisations on parties (id) where kind = 'organisation';

-- +goose Down
drop index people_off,
parties_organisations,
parties_employers,
engineers_of_region,
reviews_of_order;
drop function find_open_orders(
  uuid,
  text[],
  text[],
  text[],
  text[],
  text[],
  date,
  integer,
  boolean,
  boolean,
  boolean,
  text,
  date,
  bigint,
  bigint,
  uuid,
  integer,
  integer
);
drop function is_rare_text(text[], text[], text[]);
drop function match_open_orders(
  uuid[],
  text[],
  text[],
  text[],
  text[],
  text[],
  date,
  integer,
  boolean,
  boolean,
  boolean,
  text,
  date,
  bigint,
  bigint,
  uuid,
  integer,
  integer
);
drop function walk_open_orders(
  uuid[],
  text[],
  text[],
  text[],
  text[],
  text[],
  date,
  integer,
  boolean,
  boolean,
  boolean,
  text,
  date,
  bigint,
  bigint,
  uuid,
  integer,
  integer
);
drop function open_order_conditions();
create index orders_place on orders using gin (place gin_trgm_ops) where stage = 'selection';
create index orders_open on orders (region, published_at desc) where stage = 'selection';
drop trigger orders_listed_new on orders;
drop trigger orders_listed on orders;
drop function list_open_order();
drop view listed_open_orders;
drop table open_orders;
drop function urgency_key(date, integer);
