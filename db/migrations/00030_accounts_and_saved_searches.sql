-- +goose Up

-- The moderators' decisions on accounts of people. Append-only; people.active repeats the newest
-- one.
create table account_decisions (
  id uuid primary key,
  person_id uuid not null references people (id),
  moderator_id uuid not null references people (id),
  -- Whether the account is on after the decision.
  active boolean not null,
  reason text not null check (reason != ''),
  decided_at timestamptz not null
);
create index account_decisions_person on account_decisions (person_id, decided_at desc, id desc);
create trigger account_decisions_append_only
before update or delete on account_decisions
for each row
execute function refuse_change();

-- The person whom a sign-in refused, so that his browser, which began it, may read why.
alter table logins add column refused_person_id uuid references people (id);

-- A sign-in that the start page began by itself: if ЕСИА knows nobody in this browser, it ends
-- without an error.
alter table logins add column automatic boolean not null default false;

-- The moderators' list of accounts: a page and the total are read from the first index alone.
alter table people
add column name_order text collate "C" not null generated always as (
  name_order(last_name || ' ' || first_name || ' ' || middle_name)
) stored;
create index people_by_name on people (name_order, id) include (active) where same_as is null;
create index people_inn on people (inn) where inn != '';
create index parties_by_inn on parties (inn) where inn != '';
create index parties_ogrnip on parties (ogrn) where kind = 'entrepreneur';

create index parties_organisations_search on parties using gin (search gin_trgm_ops)
where kind = 'organisation';

-- The people whom an account filter by role finds. @moderators are the ЕСИА numbers of the
-- moderators.
-- +goose StatementBegin
create function people_in_role(wanted text, moderators text[])
returns setof uuid
language sql
stable
as $$
  select e.person_id from engineers as e where wanted = 'engineer' and e.person_id is not null
  union all
  select p.person_id
  from parties as p
  where
    wanted = 'entrepreneur'
    and p.kind = 'entrepreneur'
    and p.person_id is not null
    and p.same_as is null
  union all
  select r.person_id
  from
    representatives as r
    join parties as p on p.id = r.party_id and p.kind = 'organisation'
  where wanted = 'organisation' and r.active and (r.chief or r.as_customer)
  union all
  select r.person_id
  from
    representatives as r
    join parties as p on p.id = r.party_id and p.is_employer
  where wanted = 'employer' and r.active and (r.chief or r.as_employer)
  union all
  select n.person_id
  from person_esia_numbers as n
  where wanted = 'moderator' and n.esia_oid = any (moderators);
$$;
-- +goose StatementEnd

-- The searches of open orders that engineers have saved. filters are those of the list of open
-- orders; the other columns repeat what a published order is compared with first.
create table saved_searches (
  id uuid primary key,
  engineer_id uuid not null references engineers (id),
  -- Counts the changes: a change that is based on an earlier one is refused.
  version integer not null default 1,
  name text not null check (name != ''),
  filters jsonb not null,
  -- Empty means the engineer's own regions of activity.
  regions text[] not null default '{}',
  -- The patterns that the place and the number of an order must be like.
  place_words text[] not null default '{}',
  number_parts text[] not null default '{}',
  notify boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index saved_searches_name on saved_searches (engineer_id, lower(name));
create index saved_searches_regions on saved_searches using gin (regions)
where notify and regions != '{}';
create index saved_searches_own on saved_searches (engineer_id) where notify and regions = '{}';

-- Orders that were published, changed or opened again, and that the saved searches have not been
-- compared with since.
create table announced_orders (
  order_id uuid primary key references orders (id)
    on delete cascade,
  announced_at timestamptz not null
);

-- Which engineer was told of which order by a saved search: once.
create table saved_search_notices (
  order_id uuid not null references orders (id)
    on delete cascade,
  engineer_id uuid not null references engineers (id),
  told_at timestamptz not null,
  primary key (order_id, engineer_id)
);

-- +goose StatementBegin
create function announce_order()
returns trigger
language plpgsql
as $$
begin
    insert into announced_orders (order_id, announced_at) values (new.id, now())
        on conflict (order_id) do update set announced_at = excluded.announced_at;
    return null;
end $$;
-- +goose StatementEnd
-- A response to an order, and every message after the choice, changes none of this.
create trigger orders_announced
after update of stage, form_id on orders
for each row
when
  (
    new.stage = 'selection'
    and (old.stage != 'selection' or old.form_id is distinct from new.form_id)
  )
execute function announce_order();

-- What a message of an order reads to tell whom it notified, without those whom saved searches
-- notified.
create index notifications_of_parties on notifications (order_id)
where read_at is null and kind != 'saved-search';

-- +goose Down
drop index notifications_of_parties;
drop trigger orders_announced on orders;
drop function announce_order();
drop table saved_search_notices, announced_orders, saved_searches;
drop function people_in_role(text, text[]);
drop index parties_organisations_search;
drop index parties_ogrnip, parties_by_inn, people_inn, people_by_name;
alter table people drop column name_order;
alter table logins drop column automatic, drop column refused_person_id;
drop table account_decisions;
