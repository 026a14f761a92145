-- +goose Up

-- One human is one row of people that stands for itself. A second row of the same human (he came
-- back under another ЕСИА number before the platform knew people by their СНИЛС) names the first
-- one in same_as; orders keep naming the second row, because the state of their workflows does. A
-- row that same_as points to never has one itself.
alter table people add column same_as uuid references people (id) check (same_as != id);
alter table people add column birth_date date;
create index people_same_as on people (same_as) where same_as is not null;

-- The account of a merged row, and the account of the same kind that stands for it.
alter table parties add column same_as uuid references parties (id) check (same_as != id);
create index parties_same_as on parties (same_as) where same_as is not null;

-- Every ЕСИА number under which a person has signed in.
create table person_esia_numbers (
  esia_oid text primary key,
  person_id uuid not null references people (id),
  first_seen timestamptz not null,
  last_seen timestamptz not null
);
create index person_esia_numbers_person on person_esia_numbers (person_id);
insert into person_esia_numbers (esia_oid, person_id, first_seen, last_seen)
select esia_oid, id, created_at, seen_at from people;

-- The human behind a row of people.
create function human_of(person uuid)
returns uuid
language sql
stable
return coalesce((select p.same_as from people as p where p.id = person), person);

-- The account that stands for an account. What every action asks joins parties instead: the look-up
-- in a function is planned anew in every statement.
create function account_of(party uuid)
returns uuid
language sql
stable
return coalesce((select p.same_as from parties as p where p.id = party), party);

-- The digits of a СНИЛС by which people are told apart; null for what is none, and for the number
-- of zeros that stands where there is none.
create function snils_digits(snils text)
returns text
language sql
immutable
return nullif(substring(regexp_replace(snils, '[^0-9]', '', 'g'), '^.{11}$'), '00000000000');
create index people_snils_digits on people (snils_digits(snils));
drop index people_snils;
create index engineers_snils_digits on engineers (snils_digits(snils));

create function folded_name(name text)
returns text
language sql
immutable
return regexp_replace(translate(lower(normalize(name, nfkc)), 'ё', 'е'), '[^[:alnum:]]', '', 'g');

-- Whether two records with one СНИЛС are of one human. A surname may change in a life, the rest
-- does not; without both dates of birth the surname counts too. An empty patronymic says nothing.
create function same_human(
  last1 text,
  first1 text,
  middle1 text,
  birth1 date,
  last2 text,
  first2 text,
  middle2 text,
  birth2 date
)
returns boolean
language sql
immutable
return folded_name(first1) = folded_name(first2)
and (
  folded_name(middle1) = ''
  or folded_name(middle2) = ''
  or folded_name(middle1) = folded_name(middle2)
)
and case
  when birth1 is not null
  and birth2 is not null then birth1 = birth2
  else folded_name(last1) = folded_name(last2)
end;

-- Makes one row of people stand for another of the same human: accounts, sessions, numbers, rights
-- and what may be rewritten go over. Nothing that an order recorded is changed.
-- +goose StatementBegin
create function merge_people(duplicate uuid, kept uuid)
returns void
language plpgsql
as $$
begin
    perform 1 from people where id in (duplicate, kept) order by id for update;
    update people set same_as = kept where same_as = duplicate;
    update people set same_as = kept where id = duplicate;
    update people k set active = k.active and d.active, birth_date = coalesce(k.birth_date, d.birth_date)
        from people d where k.id = kept and d.id = duplicate;
    update person_esia_numbers set person_id = kept where person_id = duplicate;
    -- Accounts: the kept person's own stands for the duplicate's, and one that only the duplicate
    -- had becomes his.
    update parties d set same_as = k.id, esia_oid = null from parties k
        where d.person_id = duplicate and k.person_id = kept and k.kind = d.kind;
    update parties o set same_as = d.same_as from parties d where o.same_as = d.id and d.person_id = duplicate and d.same_as is not null;
    update parties set person_id = kept where person_id = duplicate and same_as is null;
    update representatives r set person_id = kept, party_id = account_of(r.party_id) where r.person_id = duplicate
        and not exists (select from representatives k where k.person_id = kept and k.party_id = account_of(r.party_id));
    delete from representatives where person_id = duplicate;
    -- A consent that either of them withdrew is withdrawn.
    update consents set person_id = kept where person_id = duplicate
        and not exists (select from consents c where c.person_id = kept and c.version = consents.version and c.given_at = consents.given_at);
    update consents c set withdrawn_at = w.at from (select max(withdrawn_at) as at from consents where person_id = kept) w
        where c.person_id = kept and c.withdrawn_at is null and c.given_at < w.at;
    update sessions s set person_id = kept, party_id = case when s.role in ('customer', 'employer') then account_of(s.party_id) else s.party_id end
        where s.person_id = duplicate;
    update engineers set person_id = kept where person_id = duplicate
        and not exists (select from engineers where person_id = kept);
    update files set uploader_id = kept where uploader_id = duplicate;
    update notifications n set party_id = account_of(n.party_id)
        where n.role = 'customer' and n.party_id in (select id from parties where person_id = duplicate and same_as is not null);
    update order_forms set author_id = kept where author_id = duplicate;
    update requests set person_id = kept where person_id = duplicate;
end $$;
-- +goose StatementEnd

-- Sides count humans. The rows of one human are those that one row stands for, and all rows with
-- the number of one of them.
-- +goose StatementBegin
create or replace function same_people(persons uuid[])
returns uuid[]
language plpgsql
stable
as $$
declare
    humans uuid[] := array(select coalesce(p.same_as, p.id) from people p where p.id = any(persons));
begin
    humans := humans || array(
        select coalesce(b.same_as, b.id) from people a join people b on snils_digits(b.snils) = snils_digits(a.snils)
        where a.id = any(humans) or a.same_as = any(humans));
    return array(select unnest(persons || humans) union select p.id from people p where p.same_as = any(humans));
end $$;

create or replace function engineer_people(engineer uuid)
returns uuid[]
language plpgsql
stable
as $$
begin
    return same_people(array(
        select e.person_id from engineers e where e.id = engineer and e.person_id is not null
        union
        select p.id from engineers e join people p on snils_digits(p.snils) = snils_digits(e.snils) where e.id = engineer));
end $$;

create or replace function tie_to_party(persons uuid[], party uuid)
returns text
language plpgsql
stable
as $$
declare
    acts boolean;
begin
    select bool_or(r.chief or r.as_customer or r.as_employer) into acts
        from representatives r where r.person_id = any(persons) and r.party_id = party and r.active;
    if acts then
        return 'represents';
    elsif acts is not null
       or exists (select from engineers e where e.person_id = any(persons) and e.employer_id = party)
       or exists (select from people p join engineers e on snils_digits(e.snils) = snils_digits(p.snils)
                  where p.id = any(persons) and e.employer_id = party) then
        return 'employed';
    end if;
    return '';
end $$;
-- +goose StatementEnd

-- An order of a merged account notifies the account that stands for it.
-- +goose StatementBegin
create function notify_account()
returns trigger
language plpgsql
as $$
begin
    new.party_id := coalesce((select p.same_as from parties p where p.id = new.party_id), new.party_id);
    return new;
end $$;
-- +goose StatementEnd
create trigger notifications_account
before insert on notifications
for each row
when (new.role = 'customer')
execute function notify_account();

-- Those who are there twice already: the oldest row stays. Records that cannot be of one human are
-- left, and refused at sign-in.
-- +goose StatementBegin
do $$
declare
    pair record;
begin
    for pair in
        select d.id as duplicate, k.id as kept
        from people d join lateral (
            select p.* from people p where snils_digits(p.snils) = snils_digits(d.snils) order by p.created_at, p.id limit 1) k on k.id <> d.id
        where same_human(d.last_name, d.first_name, d.middle_name, d.birth_date, k.last_name, k.first_name, k.middle_name, k.birth_date)
        order by d.created_at, d.id
    loop
        perform merge_people(pair.duplicate, pair.kept);
    end loop;
end $$;
-- +goose StatementEnd

-- The orders that a party sees in a role, those of the accounts that it stands for among them.
-- +goose StatementBegin
create or replace function orders_of(viewer_role text, viewer uuid)
returns setof uuid
language sql
stable
as $$
  select o.id from orders as o where viewer_role = 'customer' and o.customer_id = viewer
  union
  select o.id
  from
    orders as o
    join parties as p on p.id = o.customer_id
  where viewer_role = 'customer' and p.same_as = viewer
  union
  select o.id from orders as o where viewer_role = 'engineer' and o.engineer_id = viewer
  union
  select r.order_id
  from responses as r
  where viewer_role = 'engineer' and r.engineer_id = viewer and r.status != 'closed'
  union
  select f.order_id from offers as f where viewer_role = 'engineer' and f.engineer_id = viewer
  union
  select o.id from orders as o where viewer_role = 'employer' and o.employer_id = viewer
  union
  select r.order_id
  from
    responses as r
    join engineers as e on e.id = r.engineer_id
  where
    viewer_role = 'employer'
    and e.employer_id = viewer
    and e.employment = 'confirmed'
    and r.status != 'closed'
  union
  select f.order_id
  from
    offers as f
    join engineers as e on e.id = f.engineer_id
  where viewer_role = 'employer' and e.employer_id = viewer and e.employment = 'confirmed'
  union
  select o.id from orders as o where viewer_role = 'moderator' and o.stage != 'draft';
$$;
-- +goose StatementEnd

-- Where and with what a session was begun, for its person's list of sessions.
alter table sessions add column address text not null default '';
alter table sessions add column user_agent text not null default '';

-- A login that was finished: its callback, repeated in the same browser, leads on instead of
-- failing.
alter table logins add column finished_at timestamptz;
alter table logins add column session_id uuid;
create index logins_session on logins (session_id) where session_id is not null;

-- Who signed in, was refused, saw whose data, decided what. Append-only; kept for three years.
create table security_events (
  id bigint generated always as identity primary key,
  kind text not null check (kind ~ '^[a-z][a-z-]*$'),
  happened_at timestamptz not null,
  -- Who did it; null where nobody is known, or the platform itself.
  person_id uuid,
  role text not null default '',
  party_id uuid,
  session_id uuid,
  -- Whom or what it concerned.
  subject_kind text not null default '' check (
    subject_kind in ('', 'person', 'party', 'engineer', 'order', 'session', 'registry-run')
  ),
  subject_id uuid,
  -- Why it was refused; empty for what was done.
  code text not null default '',
  -- From where.
  address text not null default '',
  user_agent text not null default '',
  request_id text not null default '',
  -- More of the same, never secrets: ids, versions, counts.
  details jsonb not null default '{}',
  check ((subject_kind = '') = (subject_id is null))
);
create index security_events_person on security_events (person_id, id desc)
where person_id is not null;
create index security_events_subject on security_events (subject_id, id desc)
where subject_id is not null;
create index security_events_kind on security_events (kind, id desc);
create index security_events_time on security_events (happened_at);

create function security_events_kept()
returns interval
language sql
immutable
return interval '3 years';

-- +goose StatementBegin
create function keep_security_events()
returns trigger
language plpgsql
as $$
begin
    if tg_op = 'DELETE' and old.happened_at < now() - security_events_kept() then
        return old;
    end if;
    raise exception 'security_events is append-only' using errcode = 'integrity_constraint_violation';
end $$;
-- +goose StatementEnd
create trigger security_events_append_only
before update or delete on security_events
for each row
execute function keep_security_events();
create trigger security_events_no_truncate
before truncate on security_events
for each statement
execute function keep_security_events();

-- +goose Down
drop table security_events;
drop function keep_security_events();
drop function security_events_kept();
alter table logins drop column session_id, drop column finished_at;
alter table sessions drop column user_agent, drop column address;
-- +goose StatementBegin
create or replace function orders_of(viewer_role text, viewer uuid)
returns setof uuid
language sql
stable
as $$
  select o.id from orders as o where viewer_role = 'customer' and o.customer_id = viewer
  union
  select o.id from orders as o where viewer_role = 'engineer' and o.engineer_id = viewer
  union
  select r.order_id
  from responses as r
  where viewer_role = 'engineer' and r.engineer_id = viewer and r.status != 'closed'
  union
  select f.order_id from offers as f where viewer_role = 'engineer' and f.engineer_id = viewer
  union
  select o.id from orders as o where viewer_role = 'employer' and o.employer_id = viewer
  union
  select r.order_id
  from
    responses as r
    join engineers as e on e.id = r.engineer_id
  where
    viewer_role = 'employer'
    and e.employer_id = viewer
    and e.employment = 'confirmed'
    and r.status != 'closed'
  union
  select f.order_id
  from
    offers as f
    join engineers as e on e.id = f.engineer_id
  where viewer_role = 'employer' and e.employer_id = viewer and e.employment = 'confirmed'
  union
  select o.id from orders as o where viewer_role = 'moderator' and o.stage != 'draft';
$$;
-- +goose StatementEnd
drop trigger notifications_account on notifications;
drop function notify_account();
drop function merge_people(uuid, uuid);
drop function same_human(text, text, text, date, text, text, text, date);
-- +goose StatementBegin
create or replace function same_people(persons uuid[])
returns uuid[]
language plpgsql
stable
as $$
begin
    return array(
        select unnest(persons)
        union
        select b.id from people a join people b on b.snils = a.snils where a.id = any(persons) and a.snils <> '');
end $$;

create or replace function engineer_people(engineer uuid)
returns uuid[]
language plpgsql
stable
as $$
begin
    return array(
        select e.person_id from engineers e where e.id = engineer and e.person_id is not null
        union
        select p.id from engineers e join people p on p.snils = e.snils where e.id = engineer
        union
        select p.id from engineers e join people a on a.id = e.person_id join people p on p.snils = a.snils
            where e.id = engineer and a.snils <> '');
end $$;

create or replace function tie_to_party(persons uuid[], party uuid)
returns text
language plpgsql
stable
as $$
declare
    acts boolean;
begin
    select bool_or(r.chief or r.as_customer or r.as_employer) into acts
        from representatives r where r.person_id = any(persons) and r.party_id = party and r.active;
    if acts then
        return 'represents';
    elsif acts is not null
       or exists (select from engineers e where e.person_id = any(persons) and e.employer_id = party)
       or exists (select from people p join engineers e on e.snils = p.snils where p.id = any(persons) and e.employer_id = party) then
        return 'employed';
    end if;
    return '';
end $$;
-- +goose StatementEnd
create index people_snils on people (snils);
drop index engineers_snils_digits, people_snils_digits;
drop function folded_name(text);
drop function snils_digits(text);
drop function account_of(uuid);
drop function human_of(uuid);
drop table person_esia_numbers;
drop index parties_same_as;
alter table parties drop column same_as;
drop index people_same_as;
alter table people drop column birth_date, drop column same_as;
