-- Queries for the saved searches of engineers.

-- name: SavedSearches :many
select id, version, name, filters, notify, created_at
from saved_searches
where engineer_id = @engineer_id
order by name_order(name), id;

-- name: SavedSearch :one
select id, version, name, filters, notify, created_at
from saved_searches
where id = @id and engineer_id = @engineer_id;

-- name: LockSearchesOf :exec
-- LockSearchesOf lets one transaction at a time add searches of an engineer, so that they are
-- counted one after the other.
select pg_advisory_xact_lock(hashtextextended(@engineer_id::text, 30));

-- name: CountSearches :one
select count(*) from saved_searches where engineer_id = @engineer_id;

-- name: InsertSavedSearch :exec
insert into saved_searches
  (
    id,
    engineer_id,
    name,
    filters,
    regions,
    place_words,
    number_parts,
    notify,
    created_at,
    updated_at
  )
values
  (
    @id,
    @engineer_id,
    @name,
    @filters,
    @regions,
    @place_words,
    @number_parts,
    @notify,
    @created_at,
    @created_at
  );

-- name: UpdateSavedSearch :execrows
update saved_searches
set
  version = version + 1,
  name = @name,
  filters = @filters,
  regions = @regions,
  place_words = @place_words,
  number_parts = @number_parts,
  notify = @notify,
  updated_at = @updated_at
where id = @id and engineer_id = @engineer_id and version = @version;

-- name: DeleteSavedSearch :execrows
delete from saved_searches where id = @id and engineer_id = @engineer_id;

-- name: AnnouncedOrders :many
-- AnnouncedOrders returns the orders that the saved searches have not been compared with since they
-- changed, the longest waiting first. An order that an operator has to start again is not shown to
-- engineers meanwhile, and waits.
select a.order_id, a.announced_at
from announced_orders as a
where
  not exists (
    select from order_alarms as h where h.order_id = a.order_id and h.kind = 'order-halted'
  )
order by a.announced_at, a.order_id
limit @page;

-- name: ForgetAnnouncedOrder :exec
-- ForgetAnnouncedOrder keeps an order that changed again meanwhile.
delete from announced_orders where order_id = @order_id and announced_at = @announced_at;

-- name: NotifySavedSearches :execrows
-- NotifySavedSearches notifies the engineers who have a saved search that finds the order, each
-- engineer once for each order: those who are active in the registry, not blocked, and use their
-- accounts. It must agree with OpenOrders.
with
  o as materialized (
    select
      o.id,
      o.region,
      o.work_kind,
      o.place,
      o.number,
      o.term_date,
      o.term_days,
      o.responses,
      o.prepayment,
      o.price,
      case c.kind
        when 'organisation' then 'organisations'
        else 'individuals'
      end as customer,
      coalesce(
        nullif(b.body ->> 'city', ''),
        nullif(b.body ->> 'address', ''),
        'место не указано'
      ) as town
    from
      orders as o
      join parties as c on c.id = o.customer_id
      left join message_bodies as b on b.id = o.form_id
    where o.id = @order_id and o.stage = 'selection'
  ),
  searches as (
    select s.*
    from
      o
      join saved_searches as s on s.notify and s.regions != '{}' and s.regions @> array[o.region]
    union all
    select s.*
    from
      o
      cross join saved_searches as s
      join engineers as e on e.id = s.engineer_id
    where s.notify and s.regions = '{}' and e.person_id is not null and e.regions @> array[o.region]
  ),
  found as materialized (
    select s.engineer_id, min(s.name) as name
    from
      o
      cross join searches as s
      join engineers as e
        on e.id = s.engineer_id and e.in_registry and not e.blocked and e.account_on
    where
      (not s.filters ? 'workKind' or s.filters -> 'workKind' ? o.work_kind)
      and (not s.filters ? 'customer' or s.filters -> 'customer' ? o.customer)
      and o.place like all (s.place_words)
      and o.number like all (s.number_parts)
      and (not s.filters ? 'termDateTo' or o.term_date <= (s.filters ->> 'termDateTo')::date)
      and (not s.filters ? 'termDaysTo' or o.term_days <= (s.filters ->> 'termDaysTo')::integer)
      and (not s.filters ? 'withoutResponses' or o.responses = 0)
      and (not s.filters ? 'prepayment' or o.prepayment)
      and (not s.filters ? 'priced' or o.price is not null)
      and not exists (
        select
        from saved_search_notices as n
        where n.order_id = o.id and n.engineer_id = s.engineer_id
      )
    group by s.engineer_id
  ),
  told as (
    insert into saved_search_notices (order_id, engineer_id, told_at)
    select o.id, f.engineer_id, @at
    from
      o
      cross join found as f
    where (select t.tie from engineer_ties(o.id, f.engineer_id, null) as t) = ''
    on conflict do nothing
    returning order_id, engineer_id
  )
insert into notifications (role, party_id, order_id, kind, subject, created_at)
select 'engineer', t.engineer_id, t.order_id, 'saved-search', '«' || f.name || '»: ' || o.town, @at
from
  told as t
  join found as f on f.engineer_id = t.engineer_id
  cross join o;
