-- Queries for moderators: the engineers with their statuses, the decisions on them, and the
-- registry runs.

-- name: EngineersPage :many
-- EngineersPage lists engineers by name. An empty search, СНИЛС or status matches everything. Each
-- half of the union has a condition on the parameter alone, so that the server plans the half that
-- uses the index separately.
with
  chosen as not materialized (
    select e.id, e.name_order
    from
      (
        select a.* from engineers as a where @search::text = ''
        union all
        select f.*
        from engineers as f
        where
          @search::text != ''
          and f.search like @search::text
          and f.search like all (@words::text[])
      ) as e
    where
      (@snils::text = '' or e.snils = @snils)
      and case @status::text
        when 'active' then e.in_registry
        and not e.blocked
        when 'unlisted' then not e.in_registry
        when 'blocked' then e.blocked
        else true
      end
  )
select
  e.id,
  k.name_order,
  e.name,
  e.registry_name,
  e.registry_number,
  e.sro,
  e.in_registry,
  e.blocked,
  (e.person_id is not null)::boolean as signed_in,
  coalesce(p.name, '')::text as employer,
  (select count(*) from chosen) as total
from
  (
    (
      select a.id, a.name_order
      from engineers as a
      where
        @search::text = ''
        and (@snils::text = '' or a.snils = @snils)
        and case @status::text
          when 'active' then a.in_registry
          and not a.blocked
          when 'unlisted' then not a.in_registry
          when 'blocked' then a.blocked
          else true
        end
        and (a.name_order, a.id) > (@after_name::text, @after_id::uuid)
      order by a.name_order, a.id
      limit @page
    )
    union all
    (
      select c.id, c.name_order
      from chosen as c
      where @search::text != '' and (c.name_order, c.id) > (@after_name::text, @after_id::uuid)
      order by c.name_order, c.id
      limit @page
    )
  ) as k
  join engineers as e on e.id = k.id
  left join parties as p on p.id = e.employer_id
order by k.name_order, k.id;

-- name: EngineerOverview :one
select
  e.id,
  e.snils,
  e.registry_number,
  e.name,
  e.registry_name,
  e.sro,
  e.in_registry,
  e.registry_as_of,
  e.blocked,
  e.account_on,
  (e.person_id is not null)::boolean as signed_in,
  e.form,
  e.ogrnip,
  business_confirmed(e)::boolean as business_confirmed,
  e.employment,
  coalesce(p.name, '')::text as employer,
  e.regions,
  e.receives_orders,
  e.profile_complete
from
  engineers as e
  left join parties as p on p.id = e.employer_id
where e.id = @id;

-- name: DecisionsOn :many
with
  chosen as (
    select d.id, (-(extract(epoch from d.decided_at) * 1000000))::bigint as key1
    from engineer_decisions as d
    where d.engineer_id = @engineer_id
  )
select
  k.key1,
  (select count(*) from chosen) as total,
  d.id,
  d.blocked,
  d.reason,
  d.decided_at,
  (d.applied_at is not null)::boolean as applied,
  (d.applied_at is null and e.status_at >= d.decided_at)::boolean as overtaken,
  m.last_name,
  m.first_name,
  m.middle_name
from
  chosen as k
  join engineer_decisions as d on d.id = k.id
  join people as m on m.id = d.moderator_id
  join engineers as e on e.id = d.engineer_id
where (k.key1, k.id) > (@after1::bigint, @after_id::uuid)
order by k.key1, k.id
limit @page;

-- name: RunsPage :many
with
  chosen as (
    select r.id, (-(extract(epoch from r.started_at) * 1000000))::bigint as key1
    from registry_runs as r
    where
      (cardinality(@verdicts::text[]) = 0 or r.status = any (@verdicts::text[]))
      and (
        sqlc.narg('started_from')::timestamptz is null
        or r.started_at >= sqlc.narg('started_from')
      )
      and (sqlc.narg('started_to')::timestamptz is null or r.started_at < sqlc.narg('started_to'))
  )
select sqlc.embed(r), k.key1, (select count(*) from chosen) as total
from
  chosen as k
  join registry_runs as r on r.id = k.id
where (k.key1, k.id) > (@after1::bigint, @after_id::uuid)
order by k.key1, k.id
limit @page;

-- name: OrdersOfLost :one
-- OrdersOfLost counts the open orders whose performers lose their status in a staged snapshot.
select count(*)
from
  registry_changes as c
  join orders as o on o.engineer_id = c.engineer_id
where c.run_id = @run_id and c.kind = 'lost' and not final_stage(o.stage);
