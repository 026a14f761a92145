-- +goose Up

-- What the head of an organisation lets its people do for it on the platform. Append-only: the
-- newest row about a person stands, and representatives repeats it.
create table admissions (
  id bigint generated always as identity primary key,
  party_id uuid not null references parties (id),
  person_id uuid not null references people (id),
  as_customer boolean not null,
  as_employer boolean not null,
  -- head: a head decided. migration: the person acted for the organisation before heads decided.
  -- membership: ЕСИА no longer names him among its people.
  cause text not null check (cause in ('head', 'migration', 'membership')),
  decided_by uuid references people (id),
  decided_at timestamptz not null default now(),
  check ((cause = 'head') = (decided_by is not null)),
  check (cause != 'membership' or not (as_customer or as_employer))
);
create index admissions_of_party on admissions (party_id, id desc);
create trigger admissions_append_only
before update or delete on admissions
for each row
execute function refuse_change();

-- In which roles a person who is not the head may act for the organisation.
alter table representatives
add column as_customer boolean not null default false,
add column as_employer boolean not null default false;

-- Whoever already acted for an organisation in an order that is still open keeps that role, so that
-- the order goes on. The head sees that nobody decided it and confirms or withdraws it. Nobody else
-- is admitted.
with
  acted as (
    select
      r.party_id,
      r.person_id,
      bool_or(m.actor_role = 'customer') as as_customer,
      bool_or(m.actor_role = 'employer') as as_employer
    from
      order_messages as m
      join orders as o on o.id = m.order_id and not final_stage(o.stage)
      join parties as p on p.id = m.actor_party and p.kind = 'organisation'
      join representatives as r
        on r.party_id = m.actor_party
        and r.person_id = human_of(m.actor_person)
        and r.active
        and not r.chief
    where m.verdict = 'applied' and m.actor_role in ('customer', 'employer')
    group by r.party_id, r.person_id
  ),
  kept as (
    insert into admissions (party_id, person_id, as_customer, as_employer, cause)
    select party_id, person_id, as_customer, as_employer, 'migration' from acted
    returning party_id, person_id, as_customer, as_employer
  )
update representatives as r
set
  as_customer = k.as_customer,
  as_employer = k.as_employer
from kept as k
where r.party_id = k.party_id and r.person_id = k.person_id;

-- A sign-in that asks ЕСИА anew whom a person may act for: the same person must come back, and goes
-- on in the same role.
alter table logins add column renews uuid references people (id);

-- +goose Down
alter table logins drop column renews;
alter table representatives drop column as_employer, drop column as_customer;
drop table admissions;
