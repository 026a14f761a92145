-- name: AuthorityOf :one
-- AuthorityOf returns a person's recorded authority to act for a party. A party that is not an
-- organisation belongs to one person.
select
  (p.kind = 'organisation')::boolean as organisation,
  coalesce(r.active and r.chief, false)::boolean as head,
  r.read_at
from
  parties as p
  left join representatives as r on r.party_id = p.id and r.person_id = @person_id
where p.id = @party_id;

-- name: LockAuthority :exec
-- LockAuthority locks the row that AuthorityOf reads of an organisation until the transaction ends.
select 1 from representatives where party_id = @party_id and person_id = @person_id for share;

-- name: OrganisationPeople :many
-- OrganisationPeople returns the people whom ЕСИА names as members of the organisation, heads
-- first, with the latest decision on each.
with
  chosen as (
    select r.person_id, (not r.chief)::integer::bigint as key1, w.name_order
    from
      representatives as r
      -- The names are looked up one by one: a join would make the server read all people.
      cross join lateral (
        select name_order(p.last_name || ' ' || p.first_name || ' ' || p.middle_name)
        from people as p
        where p.id = r.person_id
        offset 0
      ) as w (name_order)
    where r.party_id = @party_id and r.active
  )
select
  k.key1,
  k.name_order,
  (select count(*) from chosen) as total,
  r.person_id,
  w.last_name,
  w.first_name,
  w.middle_name,
  r.chief,
  r.as_customer,
  r.as_employer,
  r.read_at,
  d.decided_at,
  coalesce(d.cause, '')::text as cause,
  d.decided_by,
  coalesce(b.last_name, '')::text as by_last_name,
  coalesce(b.first_name, '')::text as by_first_name,
  coalesce(b.middle_name, '')::text as by_middle_name
from
  chosen as k
  join representatives as r on r.party_id = @party_id and r.person_id = k.person_id
  join people as w on w.id = k.person_id
  left join admissions as d
    on d.id = (
      select max(a.id)
      from admissions as a
      where a.party_id = r.party_id and a.person_id = r.person_id
    )
  left join people as b on b.id = d.decided_by
where (k.key1, k.name_order, k.person_id) > (@after1::bigint, @after_name::text, @after_id::uuid)
order by k.key1, k.name_order, k.person_id
limit @page;

-- name: AdmissionHistory :many
select
  a.id,
  a.person_id,
  a.as_customer,
  a.as_employer,
  a.cause,
  a.decided_at,
  w.last_name,
  w.first_name,
  w.middle_name,
  coalesce(b.last_name, '')::text as by_last_name,
  coalesce(b.first_name, '')::text as by_first_name,
  coalesce(b.middle_name, '')::text as by_middle_name
from
  admissions as a
  join people as w on w.id = a.person_id
  left join people as b on b.id = a.decided_by
where a.party_id = @party_id and a.id < @before
order by a.id desc
limit @page;

-- name: LockRepresentative :one
select r.active, r.chief, r.as_customer, r.as_employer, coalesce(a.cause, '')::text as cause
from
  representatives as r
  left join admissions as a
    on a.id = (
      select max(d.id)
      from admissions as d
      where d.party_id = r.party_id and d.person_id = r.person_id
    )
where r.party_id = @party_id and r.person_id = @person_id
for update of r;

-- name: InsertAdmission :exec
insert into admissions
  (party_id, person_id, as_customer, as_employer, cause, decided_by, decided_at)
values
  (@party_id, @person_id, @as_customer, @as_employer, @cause, sqlc.narg('decided_by'), @decided_at);

-- name: SetAdmission :exec
update representatives
set
  as_customer = @as_customer,
  as_employer = @as_employer
where party_id = @party_id and person_id = @person_id;

-- name: ClearRoleOfSessions :exec
-- ClearRoleOfSessions clears the role of sessions that act for the party in a withdrawn role.
update sessions
set
  role = '',
  party_id = null
where person_id = @person_id and party_id = @party_id and role = any (@roles::text[]);

-- name: NotifyPerson :exec
-- NotifyPerson inserts a notification without an order; it appears in the person's own cabinet.
insert into notifications (role, party_id, kind, subject, created_at)
select 'customer', p.id, @kind, @subject, @created_at
from parties as p
where p.kind = 'person' and p.person_id = @person_id;

-- name: OrganisationsWithoutAdmission :many
-- OrganisationsWithoutAdmission returns the organisations of which the person is a member but for
-- which he may not act. withdrawn reports whether a head revoked an admission.
select
  p.name,
  p.is_employer,
  coalesce(
    (
      select a.cause = 'head'
      from admissions as a
      where a.party_id = p.id and a.person_id = r.person_id
      order by a.id desc
      limit 1
    ),
    false
  )::boolean as withdrawn
from
  parties as p
  join representatives as r on r.party_id = p.id and r.person_id = @person_id
where
  r.active
  and p.kind = 'organisation'
  and not (r.chief or r.as_customer or (r.as_employer and p.is_employer))
order by name_order(p.name), p.id;
