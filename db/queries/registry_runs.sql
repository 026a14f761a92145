-- Queries for the runs of the registry sync and the decisions on them.

-- name: BeginRun :exec
-- BeginRun fails on registry_runs_alone while another run is in progress.
insert into registry_runs (id, workflow_id, workflow_run_id, status, started_at)
values (@id, @workflow_id, @workflow_run_id, 'running', @started_at)
on conflict (id) do nothing;

-- name: RunningRun :one
select id, workflow_id, workflow_run_id from registry_runs where status = 'running';

-- name: Run :one
select * from registry_runs where id = @id;

-- name: LockRun :one
select * from registry_runs where id = @id for update;

-- name: LockRunningRun :one
-- LockRunningRun keeps others from closing the run's report until the transaction ends.
select id from registry_runs where id = @id and status = 'running' for share;

-- name: Runs :many
select * from registry_runs order by started_at desc, id limit @page;

-- name: LatestRun :one
select * from registry_runs where status != 'missed' order by started_at desc, id limit 1;

-- name: CountRunsAwaitingApproval :one
select count(*) from registry_runs where status = 'held';

-- name: RunsSince :one
-- RunsSince counts the runs that stand for the one due at @since: those begun since then, with a
-- tolerance of one minute between two clocks, and those in progress then that have ended. A run
-- that an operator ended began on an earlier night and does not count.
select count(*)
from registry_runs
where
  status != 'missed'
  and (started_at + interval '1 minute' >= @since or ended_at > @since and operator = '');

-- name: SaveRun :exec
-- SaveRun keeps the snapshot data that was stored while the run awaited approval.
update registry_runs
set
  status = @status,
  code = @code,
  reason = @reason,
  ended_at = @ended_at,
  as_of = coalesce(as_of, @as_of),
  sha256 = case
    when as_of is null then @sha256
    else sha256
  end,
  rows = case
    when as_of is null then @rows
    else rows
  end,
  active_before = @active_before,
  added = @added,
  lost = @lost,
  restored = @restored,
  changed = @changed,
  notified = @notified,
  skipped = @skipped,
  fetch_ms = @fetch_ms,
  stage_ms = @stage_ms,
  compare_ms = @compare_ms,
  apply_ms = @apply_ms,
  notify_ms = @notify_ms
where id = @id;

-- name: SaveNotified :exec
-- SaveNotified skips a run that an operator has approved meanwhile: the workflow that applies it
-- saves these numbers.
update registry_runs
set
  notified = @notified,
  skipped = @skipped,
  notify_ms = @notify_ms
where id = @id and status not in ('running', 'completed');

-- name: FailRun :execrows
update registry_runs
set
  status = 'failed',
  code = @code,
  reason = @reason,
  ended_at = @ended_at
where id = @id and status = 'running';

-- name: InsertRunDecision :exec
insert into registry_decisions (run_id, person_id, signal, reason_sha256, decided_at)
values (@run_id, @person_id, @signal, @reason_sha256, @decided_at)
on conflict do nothing;

-- name: RunDecisionExists :one
select
  exists (
    select
    from registry_decisions
    where
      run_id = @run_id
      and person_id = @person_id
      and signal = @signal
      and reason_sha256 = @reason_sha256
  );

-- name: ClaimRun :execrows
-- ClaimRun marks a run that an operator approved as in progress again. It fails on
-- registry_runs_alone while another run is in progress.
update registry_runs
set
  status = 'running',
  ended_at = null,
  operator = @operator,
  decision = @decision,
  workflow_id = @workflow_id,
  workflow_run_id = @workflow_run_id
where id = @id and status = 'held';

-- name: RejectRun :execrows
update registry_runs
set
  status = 'rejected',
  operator = @operator,
  decision = @decision,
  ended_at = @ended_at
where id = @id and status = 'held';

-- name: SupersedeRuns :exec
update registry_runs
set
  status = 'superseded',
  ended_at = @ended_at
where status = 'held' and id != @id;

-- name: SupersededRuns :many
select id from registry_runs where status = 'superseded' and ended_at >= @since;

-- name: AddMissedRun :execrows
insert into registry_runs (id, workflow_id, workflow_run_id, status, reason, started_at, ended_at)
values (@id, @workflow_id, @workflow_run_id, 'missed', @reason, @started_at, @ended_at)
on conflict (id) do nothing;
