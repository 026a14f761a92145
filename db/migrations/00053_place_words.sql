-- +goose Up

-- An order awaiting its engineer is found by a part of its address through the words of addresses: a
-- search looks its text up among the different words, of which there are few, and then looks for the
-- orders with one of the found words in one of its regions. Trigrams of the addresses themselves
-- found the orders of all regions, and others with the same trigrams.

-- The words of the addresses, folded, with a space at both ends. A word stays when its last order has
-- its engineer: to find out that it was the last one would cost more than the row.
create table known_place_words (word text primary key);
create index known_place_words_text on known_place_words using gin (word gin_trgm_ops)
with (gin_pending_list_limit = 512);

-- The words of an address, each after the region.
create function place_keys(region text, place text)
returns text[]
language sql
immutable
parallel safe
return string_to_array(substr(replace(rtrim(place), ' ', '|' || region || ' '), 2), '|');

-- The known words that contain a text, each after each of the regions; null without a text.
create function matching_place_keys(regions text[], pattern text)
returns text[]
language sql
stable
return case
  when pattern is not null then array(
    select r.region || rtrim(w.word)
    from
      known_place_words as w
      cross join unnest(regions) as r (region)
    where w.word like pattern
  )
end;

-- The patterns of a search that the index is searched for: the two longest. Beginnings of words, which
-- one or two letters are, occur in too many.
create function selective_patterns(place_words text[])
returns text[]
language sql
immutable
return coalesce(
  nullif(
    array(
      select p
      from unnest(place_words) as p
      where p not like '\% %'
      order by length(p) desc
      limit 2
    ),
    '{}'
  ),
  place_words[1:1]
);

-- Learns the words of an address. The order of the words keeps two orders from waiting for each other.
-- +goose StatementBegin
create function learn_place_words()
returns trigger
language plpgsql
as $$
begin
    insert into known_place_words select distinct ' ' || w.word || ' ' from unnest(string_to_array(trim(new.place), ' ')) w (word) order by 1
    on conflict do nothing;
    return null;
end $$;
-- +goose StatementEnd

insert into known_place_words
select distinct ' ' || w.word || ' '
from
  open_orders as o
  cross join unnest(string_to_array(trim(o.place), ' ')) as w (word);

create trigger open_orders_learned
after insert or update of place on open_orders
for each row
execute function learn_place_words();

drop index open_orders_text;
create index open_orders_number on open_orders using gin (number gin_trgm_ops)
with (gin_pending_list_limit = 512);
create index open_orders_place on open_orders using gin (place_keys(region, place))
with (gin_pending_list_limit = 512);

-- Finds the orders with a text that few orders contain by its index, all of them at once.
-- +goose StatementBegin
create or replace function match_open_orders(
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
declare
    patterns constant text[] := selective_patterns(place_words);
    keys1 constant text[] := matching_place_keys(regions, patterns[1]);
    keys2 constant text[] := matching_place_keys(regions, patterns[2]);
begin
    return query execute format(
        'with chosen as materialized (
             select o.order_id,
                    (case when $18 then coalesce(o.term_date - $14, o.term_days, 1000000) else -(extract(epoch from o.published_at) * 1000000) end)::bigint as key1,
                    (case when $18 then extract(epoch from o.published_at) * 1000000 else 0 end)::bigint as key2
             from open_orders o
             where o.region = any ($2) and (cardinality($5) = 0 or o.number like $5[1]) and ($19 is null or place_keys(o.region, o.place) && $19)
               and ($20 is null or place_keys(o.region, o.place) && $20) and %s)
         select o.order_id, o.key1, o.key2, (select least(count(*), $13) from chosen)
         from chosen o where (o.key1, o.key2, o.order_id) > ($15, $16, $17) order by o.key1, o.key2, o.order_id limit $12', open_order_conditions())
    using hidden, regions, work_kinds, customer_kinds, number_parts, place_words, term_date_to, term_days_to, without_responses, prepayment,
        priced, page, most::bigint, today, after1, after2, after_id, sort = 'urgency',
        keys1, keys2;
end $$;
-- +goose StatementEnd

-- Whether few of the newest orders contain a text, and so few known words that the index can be
-- searched for each.
-- +goose StatementBegin
create or replace function is_rare_text(regions text[], number_parts text[], place_words text[])
returns boolean
language sql
stable
set enable_bitmapscan = off
set enable_seqscan = off
as $$
  select
    count(*) < 20
    and (
      select count(*)
      from
        (
          select
          from known_place_words as w
          where w.word like any ((select selective_patterns(place_words))::text[]) -- once, not for each word
          limit 1 + 2000 / greatest(cardinality(regions), 1)
        ) as f
    ) <= 2000 / greatest(cardinality(regions), 1)
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
-- +goose StatementEnd

-- +goose Down
drop index open_orders_place, open_orders_number;
create index open_orders_text on open_orders using gin (place gin_trgm_ops, number gin_trgm_ops)
with (gin_pending_list_limit = 512);
-- +goose StatementBegin
create or replace function match_open_orders(
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
-- +goose StatementEnd
-- +goose StatementBegin
create or replace function is_rare_text(regions text[], number_parts text[], place_words text[])
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
-- +goose StatementEnd
drop trigger open_orders_learned on open_orders;
drop function learn_place_words();
drop function matching_place_keys(text[], text);
drop function place_keys(text, text);
drop function selective_patterns(text[]);
drop table known_place_words;
