-- +goose Up

-- Where a person gets e-mail about his notifications, and about which of them. Without a confirmed
-- address nothing is sent but the letter that asks for the confirmation.
create table mail_addresses (
  person_id uuid primary key references people (id),
  address text not null check (address != ''),
  -- Counts the letters that ask for a confirmation: only the link of the newest one confirms.
  version integer not null default 1,
  asked_at timestamptz not null,
  confirmed_at timestamptz,
  -- The person wants no letters for now. The settings stay.
  stopped_at timestamptz,
  -- The server of the address refused it, with these words. The person has to confirm it again.
  refused_at timestamptz,
  refusal text not null default '',
  -- When notifications of each topic are sent, see package mail of the API.
  action text not null default 'now' check (action in ('now', 'daily', 'never')),
  progress text not null default 'daily' check (progress in ('now', 'daily', 'never')),
  found text not null default 'daily' check (found in ('now', 'daily', 'never')),
  account text not null default 'daily' check (account in ('now', 'daily', 'never')),
  check (refused_at is null or confirmed_at is null)
);
create index mail_addresses_confirmed on mail_addresses (person_id)
where confirmed_at is not null and stopped_at is null;

-- Notifications that have not been turned into letters yet. The transaction that inserts a
-- notification writes them, so that none is lost.
create table unmailed_notifications (
  notification_id bigint primary key references notifications (id)
    on delete cascade
);

-- +goose StatementBegin
create function queue_for_mail()
returns trigger
language plpgsql
as $$
begin
    -- By the index, which has only these: exists might read every address to find none.
    if (select a.person_id from mail_addresses a where a.confirmed_at is not null and a.stopped_at is null order by a.person_id limit 1) is not null then
        insert into unmailed_notifications (notification_id) select n.id from added n;
    end if;
    return null;
end $$;
-- +goose StatementEnd
create trigger notifications_mailed
after insert on notifications
referencing new table as added
for each statement
execute function queue_for_mail();

-- A letter to a person. Its id is in its Message-ID: a letter that is sent again is recognised.
create table mails (
  id uuid primary key,
  person_id uuid not null references mail_addresses (person_id)
    on update cascade
    on delete cascade,
  kind text not null check (kind in ('confirmation', 'notification', 'digest')),
  -- Of a confirmation: the version of the address that it confirms.
  version integer,
  -- Of a digest: the day in Moscow on which it is sent.
  day date,
  created_at timestamptz not null,
  -- When it is sent, or tried again.
  due_at timestamptz not null,
  attempts integer not null default 0,
  -- What the mail server answered last; never the address.
  answer text not null default '',
  ended_at timestamptz,
  outcome text not null default '' check (outcome in ('', 'sent', 'refused', 'expired', 'dropped')),
  check ((kind = 'confirmation') = (version is not null)),
  check ((kind = 'digest') = (day is not null)),
  check ((ended_at is null) = (outcome = ''))
);
create unique index mails_digest on mails (person_id, day) where kind = 'digest';
create index mails_due on mails (due_at) where ended_at is null;
create index mails_person on mails (person_id, created_at desc);
create index mails_ended on mails (ended_at) where ended_at is not null;

create table mail_notifications (
  mail_id uuid not null references mails (id)
    on delete cascade,
  notification_id bigint not null references notifications (id)
    on delete cascade,
  primary key (mail_id, notification_id)
);
create index mail_notifications_notification on mail_notifications (notification_id);

-- The people to whom a notification is addressed by its role and party. @moderators are the ЕСИА
-- numbers of the moderators.
-- +goose StatementBegin
create function notified_people(to_role text, to_party uuid, moderators text[])
returns setof uuid
language sql
stable
as $$
  select p.person_id
  from parties as p
  where to_role = 'customer' and p.id = to_party and p.person_id is not null
  union
  select r.person_id
  from
    representatives as r
    join parties as p on p.id = r.party_id and p.kind = 'organisation'
  where
    r.party_id = to_party
    and r.active
    and (
      to_role = 'customer'
      and (r.chief or r.as_customer)
      or to_role = 'employer'
      and (r.chief or r.as_employer)
    )
  union
  select e.person_id
  from engineers as e
  where to_role = 'engineer' and e.id = to_party and e.person_id is not null
  union
  select n.person_id
  from person_esia_numbers as n
  where to_role = 'moderator' and n.esia_oid = any (moderators);
$$;
-- +goose StatementEnd

-- Two records of one person become one: the address of the kept one stays, or it gets the other's.
-- +goose StatementBegin
do $$ begin
    execute replace(pg_get_functiondef('merge_people'::regproc), 'update requests set person_id = kept where person_id = duplicate;',
        'update requests set person_id = kept where person_id = duplicate;
    delete from mail_addresses d where d.person_id = duplicate and exists (select from mail_addresses k where k.person_id = kept);
    update mail_addresses set person_id = kept where person_id = duplicate;');
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
do $$ begin
    execute replace(pg_get_functiondef('merge_people'::regproc), '
    delete from mail_addresses d where d.person_id = duplicate and exists (select from mail_addresses k where k.person_id = kept);
    update mail_addresses set person_id = kept where person_id = duplicate;', '');
end $$;
-- +goose StatementEnd
drop function notified_people(text, uuid, text[]);
drop table mail_notifications, mails;
drop trigger notifications_mailed on notifications;
drop function queue_for_mail();
drop table unmailed_notifications, mail_addresses;
