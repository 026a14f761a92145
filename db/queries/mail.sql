-- Queries for e-mail about notifications.

-- name: MailAddress :one
select
  address,
  version,
  asked_at,
  confirmed_at,
  stopped_at,
  refused_at,
  refusal,
  action,
  progress,
  found,
  account
from mail_addresses
where person_id = @person_id;

-- name: SetMailAddress :one
-- SetMailAddress stores an address that is to be confirmed, and returns the version of it that the
-- letter confirms.
insert into mail_addresses (person_id, address, asked_at)
values (@person_id, @address, @asked_at)
on conflict (person_id) do update
  set
    address = excluded.address,
    asked_at = excluded.asked_at,
    version = mail_addresses.version + 1,
    confirmed_at = null,
    stopped_at = null,
    refused_at = null,
    refusal = ''
returning version;

-- name: DeleteMailAddress :exec
delete from mail_addresses where person_id = @person_id;

-- name: SetMailTopics :execrows
update mail_addresses
set
  action = @action,
  progress = @progress,
  found = @found,
  account = @account,
  stopped_at = case
    when @stopped::boolean then coalesce(stopped_at, @at)
  end
where person_id = @person_id;

-- name: ConfirmMailAddress :execrows
-- ConfirmMailAddress changes nothing if the address was confirmed already.
update mail_addresses
set
  confirmed_at = coalesce(confirmed_at, @at),
  refused_at = null,
  refusal = ''
where person_id = @person_id and version = @version;

-- name: StopMail :execrows
update mail_addresses
set stopped_at = coalesce(stopped_at, @at)
where person_id = @person_id;

-- name: RefuseMailAddress :exec
-- RefuseMailAddress keeps an address that was changed since the letter was addressed.
update mail_addresses
set
  confirmed_at = null,
  refused_at = @at,
  refusal = @refusal
where person_id = @person_id and version = @version;

-- name: CountConfirmationMails :one
select count(*)
from mails
where person_id = @person_id and kind = 'confirmation' and created_at > @since;

-- name: UnmailedNotifications :many
-- UnmailedNotifications takes a page of the notifications that have not been turned into letters. What
-- another process takes at the same time is left out.
select n.id, n.kind, n.role, n.party_id
from
  unmailed_notifications as u
  join notifications as n on n.id = u.notification_id
order by u.notification_id
limit @page
for update of u skip locked;

-- name: MailReaders :many
-- MailReaders returns the people who get letters about a notification, with their settings.
select a.person_id, a.action, a.progress, a.found, a.account
from
  (
    select distinct human_of(w.who) as person_id
    from notified_people(@role, sqlc.narg('party_id'), @moderators::text[]) as w (who)
  ) as r
  cross join lateral (
    select m.*
    from mail_addresses as m
    where m.person_id = r.person_id and m.confirmed_at is not null and m.stopped_at is null
    offset 0 -- one by one: there are few readers
  ) as a
  join people as p on p.id = a.person_id
where
  p.active
  and exists (select from consents as c where c.person_id = a.person_id and c.withdrawn_at is null)
order by a.person_id;

-- name: InsertMail :exec
insert into mails (id, person_id, kind, version, created_at, due_at)
values (@id, @person_id, @kind, sqlc.narg('version'), @created_at, @created_at);

-- name: DigestOf :one
-- DigestOf returns the person's letter of a day, which it creates if there is none, and locks it: it is
-- not sent before the transaction ends.
insert into mails as m (id, person_id, kind, day, created_at, due_at)
values (@id, @person_id, 'digest', @day, @created_at, @due_at)
on conflict (person_id, day) where kind = 'digest' do update
  set created_at = m.created_at
returning m.id;

-- name: AddToMail :exec
insert into mail_notifications (mail_id, notification_id)
values (@mail_id, @notification_id)
on conflict do nothing;

-- name: ForgetUnmailed :exec
delete from unmailed_notifications where notification_id = any (@notifications::bigint[]);

-- name: ForgetOldUnmailed :execrows
delete from unmailed_notifications as u
using notifications as n
where n.id = u.notification_id and n.created_at < @before;

-- name: ClaimMail :one
-- ClaimMail takes the letter that has been due for the longest time. Until @again no process takes it
-- again.
update mails as m
set
  attempts = m.attempts + 1,
  due_at = @again
from mail_addresses as a
where
  a.person_id = m.person_id
  and m.id = (
    select d.id
    from mails as d
    where d.ended_at is null and d.due_at <= @now
    order by d.due_at
    limit 1
    for update skip locked
  )
returning
  m.id,
  m.person_id,
  m.kind,
  coalesce(m.version, 0)::integer as version,
  m.created_at,
  m.attempts,
  a.address,
  a.version as address_version,
  (a.confirmed_at is not null)::boolean as confirmed,
  (a.stopped_at is not null)::boolean as stopped;

-- name: NotificationsOfMail :many
select
  n.id,
  n.kind,
  n.role,
  n.order_id,
  n.created_at,
  coalesce(o.number, '')::text as number
from
  mail_notifications as m
  join notifications as n on n.id = m.notification_id
  left join orders as o on o.id = n.order_id
where m.mail_id = @mail_id
order by n.id;

-- name: EndMail :exec
update mails
set
  ended_at = @at,
  outcome = @outcome,
  answer = @answer
where id = @id;

-- name: RetryMail :exec
update mails
set
  due_at = @due_at,
  answer = @answer
where id = @id;

-- name: DeleteOldMails :exec
delete from mails where ended_at < @before;

-- name: MailBacklog :one
-- MailBacklog returns how many letters could not be sent at the first attempt, and when the oldest was
-- made; @now if there is none.
select count(*) as waiting, coalesce(min(created_at), @now)::timestamptz as since
from mails
where ended_at is null and attempts > 0;
