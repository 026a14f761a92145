-- Queries for the nightly registry sync and for the moderators' decisions on engineers.

-- name: AddModeratorNotice :exec
insert into notifications (role, kind, created_at) values ('moderator', @kind, @created_at);

-- name: AddModeratorNoticeOnce :exec
-- AddModeratorNoticeOnce inserts nothing if the same notification was made after @quiet.
insert into notifications (role, kind, created_at)
select 'moderator', @kind::text, @created_at::timestamptz
where
  not exists (
    select
    from notifications as n
    where
      n.party_id is null
      and n.role = 'moderator'
      and n.kind = @kind
      and n.created_at > @quiet::timestamptz
  );

-- name: KnownSnapshot :one
-- KnownSnapshot returns what is recorded of a snapshot with this date ('applied', 'held',
-- 'rejected' or empty), and the newest date of all.
select
  coalesce(
    (select 'applied' from registry_snapshots as a where a.as_of = @as_of),
    (
      select r.status
      from registry_runs as r
      where r.as_of = @as_of and r.status in ('held', 'rejected')
      order by r.started_at desc
      limit 1
    ),
    ''
  )::text as known,
  coalesce(
    greatest(
      (select max(b.as_of) from registry_snapshots as b),
      (select max(h.as_of) from registry_runs as h where h.status = 'held')
    ),
    'epoch'::timestamptz
  )::timestamptz as newest,
  exists (select from registry_snapshots) as any_applied;

-- name: ClearStaging :exec
delete from registry_staging where run_id = @run_id;

-- name: ClearChanges :exec
delete from registry_changes where run_id = @run_id;

-- name: StageEngineers :copyfrom
insert into registry_staging
  (run_id, snils, registry_number, last_name, first_name, middle_name, sro, active, entry)
values
  (@run_id, @snils, @registry_number, @last_name, @first_name, @middle_name, @sro, @active, @entry);

-- name: FindChanges :exec
insert into registry_changes (run_id, engineer_id, snils, kind)
select
  @run_id,
  coalesce(e.id, gen_random_uuid()),
  coalesce(e.snils, s.snils),
  case
    when e.id is null then 'added'
    when e.in_registry
    and not coalesce(s.active, false) then 'lost'
    when not e.in_registry
    and s.active then 'restored'
    else 'changed'
  end
from
  engineers as e
  full join (select * from registry_staging as g where g.run_id = @run_id) as s on s.snils = e.snils
where
  e.id is null
  or (s.snils is null and e.in_registry)
  or (s.snils is not null and (e.in_registry != s.active or e.registry_entry != s.entry));

-- name: CountChanges :one
select
  count(*) filter (where kind = 'added') as added,
  count(*) filter (where kind = 'lost') as lost,
  count(*) filter (where kind = 'restored') as restored,
  count(*) filter (where kind = 'changed') as changed,
  (select count(*) from engineers where in_registry) as active
from registry_changes
where run_id = @run_id;

-- name: LossesOfGroups :many
-- LossesOfGroups returns the regions and СРО that lose engineers, with the number of their active
-- engineers.
select
  'region'::text as kind,
  g.region::text as name,
  count(*) as active,
  count(c.engineer_id) as lost
from
  engineers as e
  cross join unnest(e.regions) as g (region)
  left join registry_changes as c on c.run_id = @run_id and c.engineer_id = e.id and c.kind = 'lost'
where e.in_registry
group by g.region
having count(c.engineer_id) > 0
union all
select 'sro'::text, e.sro, count(*), count(c.engineer_id)
from
  engineers as e
  left join registry_changes as c on c.run_id = @run_id and c.engineer_id = e.id and c.kind = 'lost'
where e.in_registry and e.sro != ''
group by e.sro
having count(c.engineer_id) > 0
order by kind, name;

-- name: ChangedEngineers :many
select
  c.kind,
  c.engineer_id,
  c.snils,
  coalesce(s.last_name, e.last_name, '')::text as last_name,
  coalesce(s.first_name, e.first_name, '')::text as first_name,
  coalesce(s.middle_name, e.middle_name, '')::text as middle_name,
  coalesce(s.registry_number, e.registry_number, '')::text as registry_number,
  coalesce(s.sro, e.sro, '')::text as sro,
  (
    select count(*)
    from orders as o
    where o.engineer_id = c.engineer_id and not final_stage(o.stage)
  ) as orders
from
  registry_changes as c
  left join registry_staging as s on s.run_id = c.run_id and s.snils = c.snils
  left join engineers as e on e.id = c.engineer_id
where c.run_id = @run_id and c.kind = any (@kinds::text[])
order by
  c.kind,
  orders desc,
  name_order(
    coalesce(s.last_name, e.last_name, '') || ' ' || coalesce(
      s.first_name,
      e.first_name,
      ''
    ) || ' ' || coalesce(s.middle_name, e.middle_name, '')
  ),
  c.engineer_id
limit @page;

-- name: NextChanges :many
select engineer_id from registry_changes where run_id = @run_id order by engineer_id limit @page;

-- Lock order of the following queries: an employer before an engineer, and each kind in the order
-- of ids.

-- name: LockEmployersOf :many
select p.id
from parties as p
where p.id in (select e.employer_id from engineers as e where e.id = any (@engineers::uuid[]))
order by p.id
for no key update;

-- name: LockEngineers :many
select e.id, e.employer_id
from engineers as e
where e.id = any (@engineers::uuid[])
order by e.id
for no key update;

-- name: ApplyStaged :exec
-- ApplyStaged takes a page of changes by its first and last engineer, so that the index finds the
-- range for any number of changes.
update engineers as e
set
  registry_number = s.registry_number,
  last_name = s.last_name,
  first_name = s.first_name,
  middle_name = s.middle_name,
  sro = s.sro,
  in_registry = s.active,
  registry_entry = s.entry,
  registry_as_of = @as_of
from
  registry_changes as c
  join registry_staging as s on s.run_id = c.run_id and s.snils = c.snils
where c.run_id = @run_id and c.engineer_id between @first and @last and e.id = c.engineer_id;

-- name: ApplyMissing :exec
update engineers as e
set
  in_registry = false,
  registry_as_of = @as_of
from registry_changes as c
where
  c.run_id = @run_id
  and c.engineer_id between @first and @last
  and c.kind = 'lost'
  and e.id = c.engineer_id
  and not exists (
    select from registry_staging as s where s.run_id = c.run_id and s.snils = c.snils
  );

-- name: ApplyAdded :exec
-- ApplyAdded also links the people who signed in before the registry named them.
insert into engineers
  (
    id,
    snils,
    registry_number,
    last_name,
    first_name,
    middle_name,
    sro,
    in_registry,
    registry_as_of,
    registry_entry,
    status_at,
    person_id
  )
select
  c.engineer_id,
  s.snils,
  s.registry_number,
  s.last_name,
  s.first_name,
  s.middle_name,
  s.sro,
  s.active,
  @as_of,
  s.entry,
  @as_of,
  (
    select p.id
    from people as p
    where
      p.snils_number = snils_digits(s.snils)
      and p.same_as is null
      and not exists (select from engineers as o where o.person_id = p.id)
    order by p.created_at
    limit 1
  )
from
  registry_changes as c
  join registry_staging as s on s.run_id = c.run_id and s.snils = c.snils
where c.run_id = @run_id and c.engineer_id between @first and @last and c.kind = 'added';

-- name: DeleteAppliedChanges :exec
delete from registry_changes where run_id = @run_id and engineer_id between @first and @last;

-- name: RecountEmployers :exec
-- RecountEmployers counts the active engineers of employers anew, and notifies those who lose or
-- get back the second one.
select recount_employers(@employers::uuid[], @at::timestamptz);

-- name: InsertSnapshot :exec
insert into registry_snapshots (id, as_of, rows, sha256)
values (@id, @as_of, @rows, @sha256)
on conflict do nothing;

-- name: OldSnapshotFiles :many
-- OldSnapshotFiles returns the snapshots that are no longer needed, the newest first: neither the
-- newest applied one nor one of a run in progress or awaiting approval. It does not record which
-- files are already deleted.
select r.sha256
from registry_runs as r
where
  r.sha256 != ''
  and r.started_at < @before
  and not exists (
    select
    from registry_runs as k
    where k.sha256 = r.sha256 and (k.started_at >= @before or k.status in ('held', 'running'))
  )
  and r.sha256 != coalesce((select sha256 from registry_snapshots order by as_of desc limit 1), '')
group by r.sha256
order by max(r.started_at) desc
limit 100;

-- name: DeleteStaleChanges :exec
delete from registry_changes
where run_id not in (select id from registry_runs where status in ('running', 'held'));

-- name: DeleteStaleStaging :exec
delete from registry_staging
where run_id not in (select id from registry_runs where status in ('running', 'held'));

-- name: PendingStatusNotifications :many
select order_id, engineer_id, source, active, as_of, person_id, employer_id
from pending_status_notifications
where source = @source and (order_id, engineer_id) > (@after_order::uuid, @after_engineer::uuid)
order by order_id, engineer_id
limit @page;

-- name: CountPendingStatusNotifications :one
select count(*)
from pending_status_notifications
where source = @source and (order_id, engineer_id) > (@after_order::uuid, @after_engineer::uuid);

-- name: AddDecision :exec
insert into engineer_decisions (id, engineer_id, moderator_id, blocked, reason, decided_at)
values (@id, @engineer_id, @moderator_id, @blocked, @reason, @decided_at)
on conflict (id) do nothing;

-- name: PendingDecisions :many
-- PendingDecisions returns the decisions that are neither carried out nor superseded by a later
-- one, the oldest first.
select d.id
from
  engineer_decisions as d
  join engineers as e on e.id = d.engineer_id
where d.applied_at is null and e.status_at < d.decided_at
order by d.decided_at, d.id;

-- name: Decision :one
select d.*, (d.applied_at is null and e.status_at >= d.decided_at)::boolean as overtaken
from
  engineer_decisions as d
  join engineers as e on e.id = d.engineer_id
where d.id = @id;

-- name: ApplyDecision :execrows
-- ApplyDecision ignores a decision older than the current one.
update engineers as e
set
  blocked = d.blocked,
  blocked_reason = case
    when d.blocked then d.reason
    else ''
  end,
  status_at = d.decided_at,
  status_by = d.moderator_id
from engineer_decisions as d
where d.id = @id and e.id = d.engineer_id and e.status_at < d.decided_at;

-- name: MarkDecision :exec
update engineer_decisions set applied_at = @applied_at where id = @id and applied_at is null;

-- name: RunAwaitingApproval :one
select id from registry_runs where status = 'held' and as_of = @as_of;
