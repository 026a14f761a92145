-- name: OrderParties :one
-- OrderParties returns what decides who may see an order and send it messages.
select
  o.id,
  o.stage,
  o.customer_id,
  coalesce(c.same_as, c.id)::uuid as customer_account,
  o.engineer_id,
  o.employer_id,
  o.substitute_id
from
  orders as o
  join parties as c on c.id = o.customer_id
where o.id = @id;

-- name: EngineerInOrder :one
-- EngineerInOrder reports whether an engineer has responded to an order or was offered it.
select
  exists (
    select 1
    from responses as r
    where r.order_id = o.id and r.engineer_id = @engineer and r.status != 'closed'
  ) as responded,
  (
    exists (select 1 from offers as f where f.order_id = o.id and f.engineer_id = @engineer)
    or coalesce(
      o.state -> 'lapsed' @> jsonb_build_array(jsonb_build_object('engineer', @engineer::uuid)),
      false
    )
  )::boolean as offered
from orders as o
where o.id = @id;

-- name: Order :one
select
  o.id,
  o.stage,
  o.customer_id,
  coalesce(c.same_as, c.id)::uuid as customer_account,
  o.engineer_id,
  o.employer_id,
  o.substitute_id,
  o.number,
  o.seq,
  o.state,
  o.created_at,
  o.published_at,
  o.updated_at,
  f.body as form,
  c.name as customer_name,
  c.kind as customer_kind,
  exists (
    select from order_alarms as h where h.order_id = o.id and h.kind = 'order-halted'
  ) as halted
from
  orders as o
  join parties as c on c.id = o.customer_id
  left join message_bodies as f on f.id = o.form_id
where o.id = @id;

-- name: EngineerEligibility :one
select
  e.id,
  e.person_id,
  e.in_registry,
  e.blocked,
  e.account_on,
  e.receives_orders,
  e.profile_complete,
  e.form,
  e.employer_id,
  e.employment,
  e.regions,
  coalesce(p.active_engineers, 0)::integer as employer_active,
  e.listed
from
  engineers as e
  left join parties as p on p.id = e.employer_id
where e.id = @id;

-- name: EligibilityOfEngineers :many
select
  e.id,
  e.person_id,
  e.in_registry,
  e.blocked,
  e.account_on,
  e.receives_orders,
  e.profile_complete,
  e.form,
  e.employer_id,
  e.employment,
  e.regions,
  coalesce(p.active_engineers, 0)::integer as employer_active,
  e.listed
from
  engineers as e
  left join parties as p on p.id = e.employer_id
where e.id = any ((select @ids::uuid[])::uuid[]);

-- name: EngineerNames :many
-- EngineerNames hides the number of ids from the planner, which would otherwise make a new plan for
-- each number.
select
  e.id,
  e.name,
  e.registry_name,
  e.registry_number,
  e.sro,
  coalesce(p.name, '')::text as employer
from
  engineers as e
  left join parties as p on p.id = e.employer_id
where e.id = any ((select @ids::uuid[])::uuid[]);

-- name: Candidates :many
-- Candidates returns the publicly listed engineers whose names or registry number match the search,
-- those of the region first. Without a search each half of the union stops at the page size, using
-- the index engineers_listed.
with
  listed as (
    select e.id
    from engineers as e
    where
      @search::text != ''
      and e.search like @search::text
      and e.search like all (@words::text[])
      and e.listed
    union all
    (
      select e.id
      from engineers as e
      where @search = '' and e.listed and @region::text = any (e.regions)
      order by e.receives_orders desc, e.name_order, e.id
      limit @page
    )
    union all
    (
      select e.id
      from engineers as e
      where @search = '' and e.listed and @region::text != all (e.regions)
      order by e.receives_orders desc, e.name_order, e.id
      limit @page
    )
  )
select
  e.id,
  e.person_id,
  e.name,
  e.registry_name,
  e.registry_number,
  e.sro,
  e.in_registry,
  e.blocked,
  e.account_on,
  e.receives_orders,
  e.profile_complete,
  e.form,
  e.employer_id,
  e.employment,
  e.regions,
  coalesce(p.name, '')::text as employer,
  coalesce(p.active_engineers, 0)::integer as employer_active
from
  listed as l
  join engineers as e on e.id = l.id
  left join parties as p on p.id = e.employer_id
order by @region::text = any (e.regions) desc, e.receives_orders desc, e.name_order, e.id
limit @page;

-- name: Colleagues :many
-- Colleagues returns the engineers of one employer whose names or registry number match the search,
-- also those who may not take orders now; those of the region come first.
select
  e.id,
  e.person_id,
  e.name,
  e.registry_name,
  e.registry_number,
  e.sro,
  e.in_registry,
  e.blocked,
  e.account_on,
  e.receives_orders,
  e.profile_complete,
  e.form,
  e.employer_id,
  e.employment,
  e.regions,
  p.name as employer,
  p.active_engineers as employer_active
from
  engineers as e
  join parties as p on p.id = e.employer_id
where
  e.employer_id = @employer_id::uuid
  and (@search::text = '' or e.search like @search::text and e.search like all (@words::text[]))
order by @region::text = any (e.regions) desc, e.name_order, e.id
limit @page;

-- name: PartyNames :many
select id, name, kind from parties where id = any (@ids::uuid[]);

-- name: JoinedAt :one
select coalesce(max(seq), 0)::integer
from order_events
where order_id = @order_id and stage_before = 'selection' and stage_after = 'contract';

-- name: ResponseTexts :many
select r.engineer_id, r.created_at, r.updated_at, r.status, b.body
from
  responses as r
  left join message_bodies as b on b.id = r.body_id
where r.order_id = @order_id and r.engineer_id = any (@engineers::uuid[]);

-- name: LastTexts :many
-- LastTexts returns the newest message of each kind with its text, if it had one. A moderator's
-- decision on the engineer himself has no text and does not replace a hold that was placed on the
-- order by hand.
select distinct on (e.kind) e.kind, e.seq, b.body
from
  order_events as e
  left join message_bodies as b on b.id = e.body_id
where
  e.order_id = @order_id
  and e.kind = any (@kinds::text[])
  and (e.body_id is not null or e.kind not in ('moderator-status', 'employer-status'))
order by e.kind, e.seq desc;

-- name: EmploysCandidate :one
select
  exists (
    select 1
    from engineers as e
    where
      e.employer_id = @employer_id
      and e.employment = 'confirmed'
      and (
        exists (
          select 1
          from responses as r
          where r.order_id = @order_id and r.engineer_id = e.id and r.status != 'closed'
        )
        or exists (select 1 from offers as f where f.order_id = @order_id and f.engineer_id = e.id)
      )
  );

-- name: TookPart :one
-- TookPart reports whether an engineer responded to the order, or was notified of it as its
-- performer or as one to whom it was offered.
select
  (
    exists (
      select 1
      from responses as r
      where r.order_id = @order_id::uuid and r.engineer_id = @engineer_id::uuid
    )
    or exists (
      select 1
      from notifications as n
      where n.order_id = @order_id::uuid and n.role = 'engineer' and n.party_id = @engineer_id::uuid
    )
  )::boolean as took_part;

-- name: Events :many
-- Events returns a page of the history that a viewer may see: his own events, published ones, and
-- for a party all since it joined the order.
select
  e.id,
  e.seq,
  e.kind,
  e.actor_role,
  e.actor_person,
  e.actor_party,
  e.stage_before,
  e.stage_after,
  e.details,
  e.happened_at,
  b.body
from
  order_events as e
  left join message_bodies as b on b.id = e.body_id
where
  e.order_id = @order_id
  and e.seq > @after::integer
  and (
    e.kind = any (@published::text[])
    or e.actor_party = sqlc.narg('own')::uuid
    or (@party::boolean and e.seq >= @since::integer)
  )
order by e.seq
limit @page;

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

-- Audience returns who may be notified of an event of an order.
-- name: Audience :one
select
  o.id,
  o.number,
  o.seq,
  coalesce(c.same_as, c.id)::uuid as customer_id,
  o.engineer_id,
  o.employer_id,
  o.stage,
  coalesce(o.region, '')::text as region,
  coalesce(o.work_kind, '')::text as work_kind,
  array(
    select r.engineer_id from responses as r where r.order_id = o.id and r.status != 'closed'
    union
    select f.engineer_id from offers as f where f.order_id = o.id
    union
    select o.substitute_id where o.substitute_id is not null
  )::uuid[] as candidates,
  array(
    select e.employer_id
    from engineers as e
    where
      e.employer_id is not null
      and e.employment = 'confirmed'
      and e.id in (
        select r.engineer_id from responses as r where r.order_id = o.id and r.status != 'closed'
        union
        select f.engineer_id from offers as f where f.order_id = o.id
      )
  )::uuid[] as employers
from
  orders as o
  join parties as c on c.id = o.customer_id
where o.id = @id;

-- name: EventAt :one
select id, kind, stage_before, stage_after
from order_events
where order_id = @order_id and seq = @seq;

-- name: LastNotices :many
-- LastNotices leaves out the engineers whom saved searches notified: they may be many, and hear of
-- it by FoundNotices.
select role, party_id, max(id)::bigint as id
from notifications
where order_id = @order_id and read_at is null and kind != 'saved-search'
group by role, party_id;

-- name: FoundNotices :many
select role, party_id, id
from notifications
where
  order_id = @order_id
  and read_at is null
  and kind = 'saved-search'
  and party_id = any (@parties::uuid[]);

-- Events are not committed in the order of their ids. ReplayFrom therefore goes back one minute
-- before the last event that the reader has seen, so that none is missed. Ids grow with time, so
-- that few earlier rows are read.
-- name: ReplayFrom :one
select coalesce(min(e.id) - 1, @after::bigint)::bigint
from order_events as e
where
  e.id <= @after::bigint
  and e.id > @floor::bigint
  and e.recorded_at > (
    select l.recorded_at - interval '1 minute'
    from order_events as l
    where l.id <= @after::bigint
    order by l.id desc
    limit 1
  );

-- name: EventsFrom :many
-- EventsFrom returns the events after one of the last few thousand. "offset 0" makes the server
-- read these first and then select the reader's. Nearly every event is the moderators', so that
-- their half stops at the page size.
select told.id, told.order_id, told.seq
from
  (
    (
      select e.id, e.order_id, e.seq
      from
        order_events as e
        join orders as o on o.id = e.order_id
      where @role::text = 'moderator' and o.stage != 'draft' and e.id > @after::bigint
      order by e.id
      limit @page
    )
    union all
    (
      select e.id, e.order_id, e.seq
      from
        (
          select a.id, a.order_id, a.seq
          from order_events as a
          where @role != 'moderator' and a.id > @after
          offset 0
        ) as e
      where e.order_id in (select orders_of(@role, sqlc.narg('party')::uuid))
      order by e.id
      limit @page
    )
  ) as told
order by told.id
limit @page;

-- name: LastEvent :one
select coalesce(max(id), 0)::bigint from order_events;
