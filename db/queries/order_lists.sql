-- Queries for «Мои заказы», the orders of moderators and «Поиск по заказам».

-- MyOrders lists the orders of a customer, engineer or employer, in his role. The sort key is two
-- ascending numbers, so that one query can page through the list in every order; the cursor of the
-- previous page carries them.
-- name: MyOrders :many
-- Sorted by deadline, overdue orders come first, because their deadlines have passed. An order that
-- waits for a moderator or for the end of a suspension has no deadline of its own, except that of
-- an overdue step. An engineer who only responded, and his employer, must not learn the performer
-- or what the order waits for, neither by a filter nor by sorting nor by a count. An engineer to
-- whom the order is offered sees that it waits for his answer, and one who is proposed in place of
-- the performer sees all that the performer sees. The bid shown is the performer's, or
-- that of the engineer who looks.
with
  chosen as (
    select
      o.id,
      v.party,
      v.party or v.offered as own,
      (
        case @sort::text
          when 'published' then coalesce(-(extract(epoch from o.published_at) * 1000000), 9e18)
          when 'deadline' then coalesce(
            extract(
              epoch from case
                when not (v.party or v.offered) then null
                when o.overdue then coalesce(o.deadline, o.waits_since)
                when o.waits_for not in ('settlement', 'hold')
                and not (o.waits_for = 'rating' and o.mark is not null) then o.deadline
              end
            ) * 1000000,
            9e18
          )
          when 'created' then -(extract(epoch from o.created_at) * 1000000)
          else -(extract(epoch from o.updated_at) * 1000000)
        end
      )::bigint as key1,
      0::bigint as key2
    from
      (select b.* from orders as b where b.id in (select orders_of(@role::text, @party::uuid))) as o
      cross join lateral (
        select
          case @role
            when 'engineer' then o.engineer_id is not distinct from @party::uuid
            when 'employer' then o.employer_id is not distinct from @party::uuid
            else true
          end as party,
          @role = 'engineer'
          and (
            o.substitute_id is not distinct from @party::uuid
            or exists (
              select 1 from offers as f where f.order_id = o.id and f.engineer_id = @party::uuid
            )
          ) as offered
      ) as v
    where
      (cardinality(@stages::text[]) = 0 or o.shown_stage = any (@stages::text[]))
      and (cardinality(@regions::text[]) = 0 or o.region = any (@regions::text[]))
      and (cardinality(@work_kinds::text[]) = 0 or o.work_kind = any (@work_kinds::text[]))
      and o.number like all (@number_parts::text[])
      and (
        sqlc.narg('engineer')::uuid is null
        or (v.party and o.engineer_id = sqlc.narg('engineer'))
      )
      and (not @overdue::boolean or ((v.party or v.offered) and o.overdue))
      and (
        sqlc.narg('published_from')::timestamptz is null
        or o.published_at >= sqlc.narg('published_from')
      )
      and (
        sqlc.narg('published_to')::timestamptz is null
        or o.published_at < sqlc.narg('published_to')
      )
  )
select
  o.id,
  o.number,
  o.shown_stage,
  o.cause,
  o.region,
  o.work_kind,
  o.price,
  o.term_date,
  o.term_days,
  o.prepayment,
  o.registration,
  b.price as bid_price,
  b.term_date as bid_term_date,
  b.term_days as bid_term_days,
  o.contract_price,
  o.contract_advance,
  coalesce(o.state #>> '{contract,termDate}', '')::text as contract_term_date,
  coalesce(
    (o.state #>> '{contract,registration}')::boolean,
    false
  )::boolean as contract_registration,
  o.waits_for,
  o.waits_from,
  o.waits_since,
  o.deadline,
  o.overdue,
  o.mark,
  o.responses,
  o.published_at,
  o.created_at,
  o.updated_at,
  k.party::boolean as party,
  k.own::boolean as own,
  o.engineer_id,
  o.customer_id,
  c.name as customer_name,
  c.kind as customer_kind,
  coalesce(e.name, '')::text as engineer_name,
  e.registry_name as engineer_registry_name,
  k.key1,
  k.key2,
  (select count(*) from chosen) as total
from
  (
    select a.*
    from chosen as a
    where (a.key1, a.key2, a.id) > (@after1::bigint, @after2::bigint, @after_id::uuid)
    order by a.key1, a.key2, a.id
    limit @page
  ) as k
  join orders as o on o.id = k.id
  join parties as c on c.id = o.customer_id
  left join engineers as e on e.id = o.engineer_id
  left join responses as b
    on b.order_id = o.id
    and b.status != 'closed'
    and b.engineer_id = case
      when k.party then o.engineer_id
      when @role = 'engineer'
      and not k.own then @party::uuid
    end
order by k.key1, k.key2, k.id;

-- AllOrders lists every order except drafts, the newest publication first, for moderators. It reads
-- only the index orders_published, so that a page and the total are cheap for any number of orders.
-- This is why there is one sort order and why the filters use only columns of that index.
-- name: AllOrders :many
with
  chosen as not materialized (
    select o.id, o.published_at
    from orders as o
    where
      o.stage != 'draft'
      and (cardinality(@stages::text[]) = 0 or o.shown_stage = any (@stages::text[]))
      and (cardinality(@regions::text[]) = 0 or o.region = any (@regions::text[]))
      and (cardinality(@work_kinds::text[]) = 0 or o.work_kind = any (@work_kinds::text[]))
      and o.number like all (@number_parts::text[])
      and (sqlc.narg('engineer')::uuid is null or o.engineer_id = sqlc.narg('engineer'))
      and (not @overdue::boolean or o.overdue)
      and (
        sqlc.narg('published_from')::timestamptz is null
        or o.published_at >= sqlc.narg('published_from')
      )
      and (
        sqlc.narg('published_to')::timestamptz is null
        or o.published_at < sqlc.narg('published_to')
      )
  )
select
  o.id,
  o.number,
  o.shown_stage,
  o.cause,
  o.region,
  o.work_kind,
  o.price,
  o.term_date,
  o.term_days,
  o.prepayment,
  o.registration,
  b.price as bid_price,
  b.term_date as bid_term_date,
  b.term_days as bid_term_days,
  o.contract_price,
  o.contract_advance,
  coalesce(o.state #>> '{contract,termDate}', '')::text as contract_term_date,
  coalesce(
    (o.state #>> '{contract,registration}')::boolean,
    false
  )::boolean as contract_registration,
  o.waits_for,
  o.waits_from,
  o.waits_since,
  o.deadline,
  o.overdue,
  o.mark,
  o.responses,
  o.published_at,
  o.created_at,
  o.updated_at,
  true::boolean as party,
  true::boolean as own,
  o.engineer_id,
  o.customer_id,
  c.name as customer_name,
  c.kind as customer_kind,
  coalesce(e.name, '')::text as engineer_name,
  e.registry_name as engineer_registry_name,
  (-(extract(epoch from o.published_at) * 1000000))::bigint as key1,
  0::bigint as key2,
  (select count(*) from chosen) as total
from
  (
    select a.*
    from chosen as a
    where (a.published_at, a.id) < (@before::timestamptz, @before_id::uuid)
    order by a.published_at desc, a.id desc
    limit @page
  ) as k
  join orders as o on o.id = k.id
  join parties as c on c.id = o.customer_id
  left join engineers as e on e.id = o.engineer_id
  left join responses as b
    on b.order_id = o.id and b.status != 'closed' and b.engineer_id = o.engineer_id
order by k.published_at desc, k.id desc;

-- OpenOrders sorts by urgency: the days left to the term, then the earliest publication; orders
-- without a term come last. It skips orders on whose customer's side the engineer is (see
-- EngineerTies), because he may not take them. The total is at most @most, and zero with @most 0.
-- name: OpenOrders :many
select
  o.id,
  o.number,
  o.region,
  o.work_kind,
  o.price,
  o.term_date,
  o.term_days,
  o.prepayment,
  o.registration,
  o.responses,
  o.published_at,
  o.updated_at,
  c.kind as customer_kind,
  coalesce(b.body ->> 'city', '')::text as city,
  coalesce(b.body ->> 'address', '')::text as address,
  exists (
    select 1
    from responses as r
    where r.order_id = o.id and r.engineer_id = @engineer and r.status = 'open'
  ) as responded,
  k.key1::bigint as key1,
  k.key2::bigint as key2,
  k.total::bigint as total
from
  find_open_orders(
    @engineer::uuid,
    @regions::text[],
    @work_kinds::text[],
    @customer_kinds::text[],
    @number_parts::text[],
    @place_words::text[],
    sqlc.narg('term_date_to')::date,
    sqlc.narg('term_days_to')::integer,
    @without_responses::boolean,
    @prepayment::boolean,
    @priced::boolean,
    @sort::text,
    @today::date,
    @after1::bigint,
    @after2::bigint,
    @after_id::uuid,
    @page::integer,
    @most::integer
  ) as k
  join orders as o on o.id = k.order_id
  join parties as c on c.id = o.customer_id
  left join message_bodies as b on b.id = o.form_id
order by k.key1, k.key2, o.id;
