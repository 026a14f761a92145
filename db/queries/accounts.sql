-- Queries for moderators: the accounts of people and the decisions on them.

-- name: AccountsPage :many
-- AccountsPage lists people by name. @search finds people and organisations by name, @snils and
-- @number by their numbers; empty ones match everything. Each half of the union has a condition on
-- the parameter alone, so that the server plans the half that uses the index separately. The total
-- is at most @most; it is counted in the order of the index, which has all that it needs.
with
  found as materialized (
    select p.id
    from people as p
    where @search::text != '' and p.search like @search::text and p.search like all (@words::text[])
    union
    select r.person_id
    from
      parties as o
      join representatives as r on r.party_id = o.id and r.active
    where
      @search::text != ''
      and o.kind = 'organisation'
      and o.search like @search::text
      and o.search like all (@words::text[])
    union
    select p.id from people as p where @snils::text != '' and p.snils_number = @snils::text
    union
    select p.id from people as p where @number::text != '' and p.inn != '' and p.inn = @number::text
    union
    select coalesce(o.person_id, r.person_id)
    from
      (
        select i.id, i.person_id
        from parties as i
        where @number::text != '' and i.inn != '' and i.inn = @number::text
        union all
        select l.id, l.person_id
        from parties as l
        where @number::text != '' and l.kind = 'organisation' and l.ogrn = @number::text
        union all
        select b.id, b.person_id
        from parties as b
        where @number::text != '' and b.kind = 'entrepreneur' and b.ogrn = @number::text
      ) as o
      left join representatives as r on r.party_id = o.id and r.active
  ),
  chosen as not materialized (
    select a.id, a.name_order
    from people as a
    where
      @searching::boolean
      and a.same_as is null
      and a.id in (select f.id from found as f)
      and (@status::text = '' or a.active = (@status::text = 'active'))
      and (@role::text = '' or a.id in (select people_in_role(@role::text, @moderators::text[])))
  )
select
  p.id,
  k.name_order,
  concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, ''))::text as name,
  p.active,
  p.seen_at,
  exists (select from engineers as e where e.person_id = p.id)::boolean as engineer,
  exists (
    select
    from parties as o
    where o.person_id = p.id and o.kind = 'entrepreneur' and o.same_as is null
  )::boolean as entrepreneur,
  array(
    select o.name
    from
      representatives as r
      join parties as o on o.id = r.party_id
    where r.person_id = p.id and r.active and o.kind = 'organisation'
    order by r.chief desc, name_order(o.name)
    limit 3
  )::text[] as organisations,
  array(
    select n.esia_oid from person_esia_numbers as n where n.person_id = p.id
  )::text[] as esia_numbers,
  (
    select count(*)
    from
      (
        (
          select a.id
          from people as a
          where
            not @searching::boolean
            and a.same_as is null
            and (@status::text = '' or a.active = (@status::text = 'active'))
            and (
              @role::text = ''
              or a.id in (select people_in_role(@role::text, @moderators::text[]))
            )
          order by a.name_order, a.id
          limit @most
        )
        union all
        (select c.id from chosen as c limit @most)
      ) as f
  ) as total
from
  (
    (
      select a.id, a.name_order
      from people as a
      where
        not @searching::boolean
        and a.same_as is null
        and (@status::text = '' or a.active = (@status::text = 'active'))
        and (@role::text = '' or a.id in (select people_in_role(@role::text, @moderators::text[])))
        and (a.name_order, a.id) > (@after_name::text, @after_id::uuid)
      order by a.name_order, a.id
      limit @page
    )
    union all
    (
      select c.id, c.name_order
      from chosen as c
      where @searching::boolean and (c.name_order, c.id) > (@after_name::text, @after_id::uuid)
      order by c.name_order, c.id
      limit @page
    )
  ) as k
  join people as p on p.id = k.id
order by k.name_order, k.id;

-- name: AccountOverview :one
-- AccountOverview returns a person's account; the id may be that of a record that was merged into
-- his. version counts the decisions on it.
select
  p.id,
  p.last_name,
  p.first_name,
  p.middle_name,
  p.birth_date,
  p.snils,
  p.inn,
  p.email,
  p.phone,
  p.active,
  p.created_at,
  p.seen_at,
  array(
    select n.esia_oid from person_esia_numbers as n where n.person_id = p.id order by n.esia_oid
  )::text[] as esia_numbers,
  (
    select count(*)
    from account_decisions as d
    where d.person_id in (select w.id from people as w where w.id = p.id or w.same_as = p.id)
  )::integer as version,
  (
    select count(*)
    from sessions as s
    where s.person_id = p.id and s.expires_at > @now and s.used_at > @idle_since
  )::integer as sessions,
  e.id as engineer_id,
  coalesce(e.registry_number, '')::text as registry_number,
  coalesce(e.in_registry, false)::boolean as in_registry,
  coalesce(e.blocked, false)::boolean as blocked
from
  people as p
  left join engineers as e on e.person_id = p.id
where p.id = (select human_of(@id::uuid));

-- name: LastConsent :one
select version, given_at, withdrawn_at
from consents
where person_id = @person_id
order by given_at desc
limit 1;

-- name: AccountOrganisations :many
-- AccountOrganisations returns the organisations and the ИП of a person, with what he may do for
-- them; former ones last.
select
  p.id,
  p.kind,
  p.name,
  p.ogrn,
  p.inn,
  p.is_employer,
  r.active,
  r.chief,
  r.as_customer,
  r.as_employer,
  r.read_at
from
  representatives as r
  join parties as p on p.id = r.party_id
where r.person_id = @person_id
order by r.active desc, r.chief desc, name_order(p.name), p.id
limit 100;

-- name: LockAccount :one
-- LockAccount locks a person's row and returns his state: a sign-in that runs at the same time
-- waits, or is seen by the decision.
select
  p.active,
  (
    select count(*)
    from account_decisions as d
    where d.person_id in (select w.id from people as w where w.id = p.id or w.same_as = p.id)
  )::integer as version
from people as p
where p.id = @id and p.same_as is null
for no key update;

-- name: AccountDecision :one
select person_id, moderator_id, active, reason, decided_at from account_decisions where id = @id;

-- name: InsertAccountDecision :exec
insert into account_decisions (id, person_id, moderator_id, active, reason, decided_at)
values (@id, @person_id, @moderator_id, @active, @reason, @decided_at);

-- name: SwitchAccount :exec
update people set active = @active where id = @id;

-- name: AccountDecisions :many
-- AccountDecisions returns the decisions on a person and on the records that were merged into his,
-- newest first.
with
  chosen as (
    select d.id, (-(extract(epoch from d.decided_at) * 1000000))::bigint as key1
    from account_decisions as d
    where
      d.person_id in (
        select w.id from people as w where w.id = @person_id or w.same_as = @person_id
      )
  )
select
  k.key1,
  (select count(*) from chosen) as total,
  d.id,
  d.active,
  d.reason,
  d.decided_at,
  m.last_name,
  m.first_name,
  m.middle_name
from
  chosen as k
  join account_decisions as d on d.id = k.id
  join people as m on m.id = d.moderator_id
where (k.key1, k.id) > (@after1::bigint, @after_id::uuid)
order by k.key1, k.id
limit @page;

-- name: RefuseLogin :exec
-- RefuseLogin keeps a login whose person was refused, so that the browser that began it may read
-- why until the login expires.
update logins set refused_person_id = @person_id where state = @state;

-- name: RefusedLogin :one
-- RefusedLogin returns why the account of the person is off who was refused last in the browser
-- that began the login. The reason is empty if no decision is recorded.
select coalesce(d.reason, '')::text as reason
from
  logins as l
  join people as p on p.id = l.refused_person_id and not p.active
  left join lateral (
    select a.reason
    from account_decisions as a
    where
      a.person_id in (select w.id from people as w where w.id = p.id or w.same_as = p.id)
      and not a.active
    order by a.decided_at desc, a.id desc
    limit 1
  ) as d
    on true
where l.cookie_hash = @cookie_hash and l.expires_at > @now
order by l.finished_at desc
limit 1;
