-- Queries for employers and their staff. Whoever changes an employment locks, in this order, the
-- parties, the engineer and the employment.

-- name: LockEmploymentParties :many
-- LockEmploymentParties locks the employer and whichever employer the engineer has now.
select p.id, p.is_employer
from parties as p
where
  p.id = @employer_id
  or p.id = (select e.employer_id from engineers as e where e.id = @engineer_id)
order by p.id
for no key update;

-- name: LockEmployment :one
select * from employments where id = @id for no key update;

-- name: Employment :one
select * from employments where id = @id;

-- name: EmploymentOf :one
select * from employments where engineer_id = @engineer_id and employer_id = @employer_id;

-- name: EmploymentsOf :many
-- EmploymentsOf returns all employments of one engineer, with the names of the employers: the
-- current one first, then what waits for a decision, then the newest.
select sqlc.embed(m), p.name, p.short_name, p.ogrn, p.inn, p.address
from
  employments as m
  join parties as p on p.id = m.employer_id
where m.engineer_id = @engineer_id and m.status != 'withdrawn'
order by
  case
    when m.status in ('confirmed', 'suspended') then 0
    when m.status = 'pending' then 1
    else 2
  end,
  m.changed_at desc,
  m.id
limit @page;

-- name: Staff :many
-- Staff returns the employees of an organisation by name, then its former ones and those refused,
-- and the requests at the end. An empty list of statuses matches all.
with
  chosen as (
    select
      m.id,
      case
        when m.status in ('confirmed', 'suspended') then 0
        when m.status = 'pending' then 2
        else 1
      end::bigint as key1,
      e.name_order
    from
      employments as m
      join engineers as e on e.id = m.engineer_id
    where
      m.employer_id = @employer_id
      and m.status != 'withdrawn'
      and (cardinality(@statuses::text[]) = 0 or m.status = any (@statuses::text[]))
  )
select
  k.key1,
  k.name_order,
  (select count(*) from chosen) as total,
  sqlc.embed(m),
  e.name,
  e.registry_name,
  e.registry_number,
  e.sro,
  e.in_registry,
  e.blocked,
  e.profile_complete,
  e.email,
  e.phone,
  (
    select count(*)
    from orders as o
    where o.engineer_id = m.engineer_id and o.employer_id = m.employer_id and stage_in_work(o.stage)
  ) as orders
from
  chosen as k
  join employments as m on m.id = k.id
  join engineers as e on e.id = m.engineer_id
where (k.key1, k.name_order, k.id) > (@after1::bigint, @after_name::text, @after_id::uuid)
order by k.key1, k.name_order, k.id
limit @page;

-- name: StaffMember :one
select
  sqlc.embed(m),
  e.name,
  e.registry_name,
  e.registry_number,
  e.sro,
  e.in_registry,
  e.blocked,
  e.profile_complete,
  e.email,
  e.phone,
  e.employer_id,
  (
    select count(*)
    from orders as o
    where o.engineer_id = m.engineer_id and o.employer_id = m.employer_id and stage_in_work(o.stage)
  ) as orders
from
  employments as m
  join engineers as e on e.id = m.engineer_id
where m.id = @id;

-- name: EmploymentEvents :many
select
  v.n,
  v.kind,
  v.role,
  v.comment,
  v.happened_at,
  coalesce(w.last_name, '')::text as last_name,
  coalesce(w.first_name, '')::text as first_name,
  coalesce(w.middle_name, '')::text as middle_name
from
  employment_events as v
  left join people as w on w.id = v.person_id
where v.employment_id = @employment_id and v.n < @before
order by v.n desc
limit @page;

-- name: FindEmployers :many
-- FindEmployers returns organisations that employ engineers and that somebody has signed in for.
select p.id, p.name, p.short_name, p.ogrn, p.inn, p.address, coalesce(m.status, '')::text as status
from
  parties as p
  left join employments as m on m.employer_id = p.id and m.engineer_id = @engineer_id
where
  p.is_employer
  and p.kind = 'organisation'
  and p.search like @search::text
  and p.search like all (@words::text[])
  and exists (select from representatives as r where r.party_id = p.id)
order by name_order(p.name), p.id
limit @page;

-- name: EmployerExists :one
select
  exists (
    select
    from parties as p
    where
      p.id = @id
      and p.is_employer
      and p.kind = 'organisation'
      and exists (select from representatives as r where r.party_id = p.id)
  )::boolean;

-- name: EngineersToEmploy :many
-- EngineersToEmploy returns engineers who have signed in and use the platform, with their tie to an
-- employer.
select
  e.id,
  e.name,
  e.registry_name,
  e.registry_number,
  e.sro,
  e.in_registry,
  coalesce(m.status, '')::text as status
from
  engineers as e
  left join employments as m on m.engineer_id = e.id and m.employer_id = @employer_id
where
  e.person_id is not null
  and e.account_on
  and e.search like @search::text
  and e.search like all (@words::text[])
order by e.name_order, e.id
limit @page;

-- name: EngineerSignedIn :one
select
  exists (
    select from engineers as e where e.id = @id and e.person_id is not null and e.account_on
  )::boolean;

-- name: OtherEmployer :one
-- OtherEmployer reports whether the engineer works, or is suspended, at another organisation.
select
  exists (
    select
    from employments as m
    where
      m.engineer_id = @engineer_id
      and m.employer_id != @employer_id
      and m.status in ('confirmed', 'suspended')
  )::boolean;

-- name: OtherRequest :one
select
  exists (
    select
    from employments as m
    where
      m.engineer_id = @engineer_id
      and m.employer_id != @employer_id
      and m.status = 'pending'
      and m.asked_by = 'engineer'
  )::boolean;

-- name: AskEmployment :one
insert into employments
  (id, engineer_id, employer_id, status, asked_by, asked_at, changed_at, comment)
values (@id, @engineer_id, @employer_id, 'pending', @asked_by, @at, @at, @comment)
on conflict (engineer_id, employer_id) do update
  set
    status = 'pending',
    asked_by = excluded.asked_by,
    asked_at = excluded.asked_at,
    changed_at = excluded.changed_at,
    comment = excluded.comment,
    version = employments.version + 1
returning *;

-- name: MoveEmployment :one
-- MoveEmployment dates the employer's decision to the orders if the engineer becomes able or unable
-- to act for him.
update employments
set
  status = @status,
  comment = @comment,
  changed_at = @at,
  version = version + 1,
  status_at = case
    when @stands::boolean then @at::timestamptz
    else status_at
  end,
  status_by = case
    when @stands::boolean then @person_id::uuid
    else status_by
  end
where id = @id
returning *;

-- name: CloseOtherRequests :many
-- CloseOtherRequests refuses what the engineer and others have asked, because he has an employer.
update employments
set
  status = 'rejected',
  comment = @comment,
  changed_at = @at,
  version = version + 1
where engineer_id = @engineer_id and id != @id and status = 'pending'
returning id, employer_id, engineer_id;

-- name: InsertEmploymentEvent :exec
insert into employment_events (id, employment_id, kind, role, person_id, comment, happened_at)
values (@id, @employment_id, @kind, @role, sqlc.narg('person_id'), @comment, @happened_at);

-- name: EmploymentEventExists :one
select exists (select from employment_events where id = @id)::boolean;

-- name: InsertEmploymentAnswer :exec
insert into employment_answers (employment_id, order_id, status_at, answer)
values (@employment_id, @order_id, @status_at, @answer);

-- name: ApplyEmploymentFacts :one
-- ApplyEmploymentFacts writes what the rules of orders read: the employer who confirmed the
-- engineer, or the one whom he asked. A sole proprietor stays one until an employer confirms him.
-- It returns whether the form of work or the employer is another one now.
update engineers as e
set
  form = case
    when w.employer_id is not null then 'employee'
    else e.form
  end,
  employer_id = w.employer_id,
  employment = coalesce(
    w.status,
    case
      when e.form = 'entrepreneur' then ''
      else coalesce(f.status, '')
    end
  )
from
  (select @engineer_id::uuid as id) as g
  join engineers as n on n.id = g.id
  left join lateral (
    select m.employer_id, m.status
    from employments as m
    where
      m.engineer_id = g.id
      and (
        m.status in ('confirmed', 'suspended')
        or m.status = 'pending'
        and m.asked_by = 'engineer'
        and n.form != 'entrepreneur'
      )
    order by (m.status = 'pending')
    limit 1
  ) as w
    on true
  left join lateral (
    select m.status
    from employments as m
    where m.engineer_id = g.id and m.status in ('rejected', 'removed')
    order by m.changed_at desc, m.id
    limit 1
  ) as f
    on true
where e.id = g.id
returning ((n.form, n.employer_id) is distinct from (e.form, e.employer_id))::boolean as other;

-- name: TieWorkDocument :exec
-- TieWorkDocument ties an employee's document to the first employer that he names, and counts a
-- change: a form that was opened before describes another employer.
update engineer_profiles as p
set
  work_version = p.work_version + 1,
  document_employer = case
    when p.document_form = 'employee' then coalesce(p.document_employer, e.employer_id)
    else p.document_employer
  end
from engineers as e
where e.id = @engineer_id and p.engineer_id = e.id;

-- name: LiveOrders :many
-- LiveOrders returns the orders that the suspension or removal of an employee holds.
select o.id, o.number, o.stage, o.shown_stage, o.deadline, c.name as customer
from
  orders as o
  join parties as c on c.id = o.customer_id
where
  o.engineer_id = @engineer_id
  and o.employer_id = @employer_id
  and stage_in_work(o.stage)
  and stage_suspendable(o.stage)
order by o.deadline nulls last, o.number;

-- name: LiveOrderStages :many
select o.id, o.stage
from orders as o
where
  o.engineer_id = @engineer_id
  and o.employer_id = @employer_id
  and stage_in_work(o.stage)
  and stage_suspendable(o.stage);

-- name: EmployerDecision :one
-- EmployerDecision returns an employer's decision on an engineer, and whether it gives this order
-- back to the choice of a performer.
select
  (m.status = 'confirmed')::boolean as active,
  m.status_at,
  exists (
    select
    from employment_answers as a
    where
      a.employment_id = m.id
      and a.order_id = @order_id
      and a.status_at = m.status_at
      and a.answer = 'reselect'
  )::boolean as reselect
from employments as m
where m.engineer_id = @engineer_id and m.employer_id = @employer_id and m.status_at is not null;

-- name: NotifyParty :exec
insert into notifications (role, party_id, kind, subject, created_at)
values (@role, @party_id, @kind, @subject, @created_at);

-- name: NameOfEmployer :one
select coalesce(nullif(p.short_name, ''), p.name)::text as name from parties as p where p.id = @id;

-- name: NameOfEngineer :one
select e.name from engineers as e where e.id = @id;

-- name: LockEmployer :one
select is_employer from parties where id = @id for no key update;

-- name: SetEmployer :exec
update parties set is_employer = @is_employer where id = @id;

-- name: EmployerState :one
select
  p.is_employer,
  (
    select count(*)
    from employments as m
    where m.employer_id = p.id and m.status in ('confirmed', 'suspended')
  ) as employees,
  (
    select count(*) from employments as m where m.employer_id = p.id and m.status = 'pending'
  ) as requests
from parties as p
where p.id = @id;

-- name: CarryEmployments :exec
select carry_employments();
