-- name: OrderState :one
select state from orders where id = @id;

-- name: ChangedState :one
-- ChangedState returns the recorded state, or null if it equals @known, which is the usual case:
-- then nothing has to be transferred.
select nullif(state, @known::jsonb)::jsonb as state from orders where id = @id;

-- name: StoredMessage :one
-- StoredMessage returns what was stored of a message before it was sent: a person's request, or an
-- operator's restart of the order.
select
  order_id,
  coalesce(person_id::text, '')::text as person_id,
  kind,
  coalesce(signal_sha256, '')::text as signal_sha256,
  created_at
from
  (
    select r.order_id, r.person_id, r.kind, r.signal_sha256, r.created_at
    from requests as r
    where r.message_id = @message_id
    union all
    select s.order_id, null::uuid, 'restart-order', null::text, s.restarted_at
    from order_restarts as s
    where s.message_id = @message_id
  ) as kept
limit 1;

-- name: EngineerStatus :one
select active, as_of, person_id
from engineer_statuses
where engineer_id = @engineer_id and source = @source::text;

-- name: EmployerStatus :one
-- EmployerStatus returns what an employer says of an engineer.
select active, as_of, person_id
from employer_statuses
where engineer_id = @engineer_id and employer_id = @employer_id;

-- name: RaiseAlarm :exec
-- RaiseAlarm notifies the moderators of an order, at most once until @quiet for the same kind.
with
  raised as (
    insert into order_alarms (order_id, kind, raised_at)
    values (@order_id, @kind, @at)
    on conflict (order_id, kind) do update
      set
        raised_at = excluded.raised_at,
        times = order_alarms.times + 1
      where order_alarms.raised_at < @quiet
    returning order_id, kind, raised_at
  )
insert into notifications (role, party_id, order_id, kind, created_at)
select
  'moderator',
  null,
  (select o.id from orders as o where o.id = r.order_id),
  r.kind,
  r.raised_at
from raised as r;

-- name: StoredVerdicts :many
select id, seq, verdict, code, outcome
from order_messages
where id = @id or (order_id = @order_id and seq = @seq);

-- name: OutcomesFrom :many
select seq, outcome from order_messages where order_id = @order_id and seq >= @seq order by seq;

-- name: NextOrderNumber :one
select nextval('order_numbers')::bigint;

-- name: CustomerKnown :one
select
  (
    exists (select from parties as c where c.id = @party_id)
    and exists (select from people as w where w.id = @person_id)
  )::boolean as known;

-- name: LockEmployerOf :exec
select 1
from
  parties as p
  join engineers as e on e.employer_id = p.id
where e.id = @engineer_id
for share of p;

-- name: EngineerFacts :one
select
  e.id,
  e.person_id,
  e.in_registry,
  e.blocked,
  e.account_on,
  e.status_by,
  e.status_at,
  e.receives_orders,
  e.profile_complete,
  e.form,
  e.employer_id,
  e.employment,
  e.regions,
  coalesce(p.active_engineers, 0)::integer as employer_active
from
  engineers as e
  left join parties as p on p.id = e.employer_id
where e.id = @id
for share of e;

-- name: StoredFiles :many
-- StoredFiles returns the sender's files. A file belongs to the party for which it was uploaded,
-- whichever of its people uploaded it. Files older than the column uploader_role belong to their
-- uploader. Files of a chat are not among them. The lock makes a concurrent deletion wait until the
-- message is recorded; it then finds the file in use. report is what the check of a PDF found, null
-- without one; generated_as and input are of the document that the platform made with this PDF, null
-- without one.
select f.id, f.sha256, f.content_type, c.report, g.kind as generated_as, g.input
from
  files as f
  left join file_checks as c on c.file_id = f.id
  left join generated_documents as g on g.pdf_id = f.id
where
  f.order_id = @order_id::uuid
  and f.chat_engineer_id is null
  and f.status = 'stored'
  and f.id = any (@ids::uuid[])
  and case
    when f.uploader_role = '' then f.uploader_id = @person::uuid
    else f.uploader_role = @role
    and f.uploader_party = @party
  end
for key share of f;

-- name: BodyMatches :one
-- BodyMatches locks the text, so that the sweep of unreferenced texts waits until the message is
-- recorded.
select
  exists (
    select 1
    from message_bodies
    where id = @id and order_id = @order_id and author_id = @author_id and sha256 = @sha256
    for key share
  );

-- name: InsertVerdict :exec
-- InsertVerdict adds a message to the record; the database chains it to the one before.
insert into order_messages
  (
    id,
    order_id,
    seq,
    kind,
    actor_role,
    actor_person,
    actor_party,
    body_id,
    details,
    stage_before,
    stage_after,
    verdict,
    code,
    reason,
    outcome,
    received_at,
    happened_at
  )
values
  (
    @id,
    @order_id,
    @seq,
    @kind,
    @actor_role,
    @actor_person,
    @actor_party,
    @body_id,
    @details,
    @stage_before,
    @stage_after,
    @verdict,
    @code,
    @reason,
    @outcome,
    @received_at,
    @happened_at
  );

-- name: UseBody :exec
update message_bodies set used = true where id = @id and not used;

-- name: UpsertOrder :exec
-- UpsertOrder fails if the row already has this message or a later one: seq becomes null, which
-- violates a constraint.
insert into orders
  (
    id,
    number,
    seq,
    state,
    stage,
    shown_stage,
    cause,
    customer_id,
    customer_person_id,
    engineer_id,
    employer_id,
    substitute_id,
    holds,
    waits_for,
    waits_from,
    waits_since,
    deadline,
    overdue,
    region,
    work_kind,
    price,
    term_date,
    term_days,
    prepayment,
    registration,
    form_id,
    responses,
    rounds,
    contract_price,
    contract_advance,
    mark,
    created_at,
    published_at,
    updated_at
  )
values
  (
    @id,
    @number,
    @seq,
    @state,
    @stage,
    @shown_stage,
    @cause,
    @customer_id,
    @customer_person_id,
    @engineer_id,
    @employer_id,
    @substitute_id,
    @holds,
    @waits_for,
    @waits_from,
    @waits_since,
    @deadline,
    @overdue,
    @region,
    @work_kind,
    @price,
    @term_date,
    @term_days,
    @prepayment,
    @registration,
    @form_id,
    @responses,
    @rounds,
    @contract_price,
    @contract_advance,
    @mark,
    @happened_at,
    @published_at,
    @happened_at
  )
on conflict (id) do update
  set
    seq = case
      when orders.seq < excluded.seq then excluded.seq
    end,
    state = excluded.state,
    stage = excluded.stage,
    shown_stage = excluded.shown_stage,
    cause = excluded.cause,
    engineer_id = excluded.engineer_id,
    employer_id = excluded.employer_id,
    substitute_id = excluded.substitute_id,
    holds = excluded.holds,
    waits_for = excluded.waits_for,
    waits_from = excluded.waits_from,
    waits_since = excluded.waits_since,
    deadline = excluded.deadline,
    overdue = excluded.overdue,
    region = excluded.region,
    work_kind = excluded.work_kind,
    price = excluded.price,
    term_date = excluded.term_date,
    term_days = excluded.term_days,
    prepayment = excluded.prepayment,
    registration = excluded.registration,
    form_id = excluded.form_id,
    responses = excluded.responses,
    rounds = excluded.rounds,
    contract_price = excluded.contract_price,
    contract_advance = excluded.contract_advance,
    mark = excluded.mark,
    published_at = coalesce(orders.published_at, excluded.published_at),
    updated_at = excluded.updated_at;

-- name: TouchOrder :execrows
update orders
set
  seq = @seq,
  state = @state
where id = @id and seq < @seq;

-- name: InsertEvent :exec
insert into order_events
  (
    order_id,
    seq,
    kind,
    actor_role,
    actor_person,
    actor_party,
    stage_before,
    stage_after,
    details,
    body_id,
    happened_at
  )
values
  (
    @order_id,
    @seq,
    @kind,
    @actor_role,
    @actor_person,
    @actor_party,
    @stage_before,
    @stage_after,
    @details,
    @body_id,
    @happened_at
  );

-- name: UpsertResponse :exec
insert into responses
  (
    order_id,
    engineer_id,
    price,
    term_date,
    term_days,
    revision,
    status,
    body_id,
    created_at,
    updated_at
  )
values
  (
    @order_id,
    @engineer_id,
    @price,
    @term_date,
    @term_days,
    @revision,
    @status,
    @body_id,
    @happened_at,
    @happened_at
  )
on conflict (order_id, engineer_id) do update
  set
    price = excluded.price,
    term_date = excluded.term_date,
    term_days = excluded.term_days,
    revision = excluded.revision,
    status = excluded.status,
    updated_at = excluded.updated_at,
    body_id = case
      when responses.status = 'closed' then excluded.body_id
      else coalesce(excluded.body_id, responses.body_id)
    end,
    created_at = case
      when responses.status = 'closed' then excluded.created_at
      else responses.created_at
    end;

-- name: CloseResponse :exec
update responses
set
  status = 'closed',
  updated_at = @happened_at
where order_id = @order_id and engineer_id = @engineer_id;

-- name: UpsertOffer :exec
insert into offers (order_id, engineer_id, expires_at, created_at)
values (@order_id, @engineer_id, @expires_at, @happened_at)
on conflict (order_id) do update
  set
    engineer_id = excluded.engineer_id,
    expires_at = excluded.expires_at,
    created_at = excluded.created_at;

-- name: DeleteOffer :exec
delete from offers where order_id = @order_id;

-- name: InsertDocument :exec
insert into documents (order_id, seq, n, kind, file_id, author_role, created_at)
values (@order_id, @seq, @n, @kind, @file_id, @author_role, @created_at);

-- name: InsertNotice :exec
insert into notifications (role, party_id, order_id, kind, created_at)
values (@role, @party_id, @order_id, @kind, @created_at);

-- name: DeleteDraft :exec
delete from orders where id = @id and stage = 'draft';

-- name: DeleteDraftBodies :exec
delete from message_bodies where order_id = @order_id;

-- name: DeleteForm :exec
delete from order_forms where order_id = @order_id;

-- name: Notify :exec
select pg_notify('epkr', @payload);

-- name: Echo :exec
-- Echo sends a notification that its sender's own listener receives, see db.Listener.
select pg_notify('epkr_echo', @token);

-- name: FilesOf :many
select id, sha256 from files where order_id = @order_id::uuid;

-- name: ChainOfOrder :many
-- ChainOfOrder returns a page of the hash chain over the messages of an order, without the messages.
select m.seq, m.id, m.prev, content_hash(m) as content, m.hash
from order_messages as m
where m.order_id = @order_id and m.seq > @after::integer
order by m.seq
limit @page;
