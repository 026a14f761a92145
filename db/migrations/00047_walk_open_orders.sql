-- +goose Up

-- A page of the open orders, as before, but the kind of work is named once: a second condition on it
-- makes the planner expect far too few orders, and sort them all.
-- +goose StatementBegin
create or replace function walk_open_orders(
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
        'o.region = r.region and ' || case when work_kinds = '{}' then open_order_conditions()
            else 'o.work_kind = k.kind and ' || replace(open_order_conditions(), 'and (cardinality($3) = 0 or o.work_kind = any ($3))', '') end;
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
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
create or replace function walk_open_orders(
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
-- +goose StatementEnd
