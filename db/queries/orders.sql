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
