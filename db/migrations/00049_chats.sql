-- +goose Up

-- The correspondence of an order's customer with one engineer: with each who responded or was
-- offered the order, and after the choice with the performer. A row exists from the first of these
-- on. What of it follows from the order is written by triggers, so that a recording and a message
-- that is being written wait for each other at the row.
create table chats (
  order_id uuid not null references orders (id)
    on delete cascade,
  engineer_id uuid not null references engineers (id),
  -- The order's customer, who never changes.
  customer_id uuid not null references parties (id),
  -- Whether the engineer is the order's performer; the employer under whom he is it, or was.
  performs boolean not null default false,
  employer_id uuid references parties (id),
  -- Whether the two may write, see chat_is_open; after the end of the order, for a term.
  open boolean not null,
  ended_at timestamptz,
  -- The number of the last message; messages are numbered without gaps under the lock of this row.
  seq integer not null default 0 check (seq >= 0),
  -- When it was opened or last got a message.
  touched_at timestamptz not null,
  primary key (order_id, engineer_id)
);
create index chats_customer on chats (customer_id, touched_at desc, order_id desc, engineer_id desc)
where open or seq > 0;
create index chats_engineer on chats (engineer_id, touched_at desc, order_id desc, engineer_id desc)
where open or seq > 0;
create index chats_employer on chats (employer_id, touched_at desc, order_id desc, engineer_id desc)
where (open or seq > 0) and employer_id is not null;
create index chats_of_candidates on chats (engineer_id) where open and not performs;
create index orders_disputed on orders (id) where state -> 'dispute' is not null;
-- The orders in dispute with their performers. The planner would take nearly every order for one.
-- +goose StatementBegin
create function disputed_orders()
returns table (order_id uuid, engineer_id uuid)
language sql
stable
rows 50
set enable_seqscan = off
as $$
  select o.id, o.engineer_id
  from orders as o
  where o.state -> 'dispute' is not null and o.engineer_id is not null;
$$;
-- +goose StatementEnd

create table chat_messages (
  order_id uuid not null,
  engineer_id uuid not null,
  seq integer not null check (seq > 0),
  id uuid not null unique,
  -- The platform's own lines say what everybody in the chat is to know.
  side text not null check (side in ('customer', 'engineer', 'platform')),
  author_id uuid not null references people (id),
  -- The hash of the request, to compare a repeated one; empty for the platform's lines.
  request_sha256 text not null default '' check (request_sha256 ~ '^([0-9a-f]{64})?$'),
  text text not null,
  sent_at timestamptz not null,
  -- How often its author has corrected it, and when last.
  corrections integer not null default 0,
  corrected_at timestamptz,
  withdrawn_at timestamptz,
  -- Of a line that tells of a moderator's reading: the beginning of the dispute.
  dispute_at timestamptz,
  primary key (order_id, engineer_id, seq),
  foreign key (order_id, engineer_id) references chats (order_id, engineer_id)
    on delete cascade,
  check ((corrections = 0) = (corrected_at is null)),
  check (side = 'platform' or dispute_at is null)
);
create unique index chat_messages_dispute on chat_messages (order_id, engineer_id, dispute_at)
where dispute_at is not null;
create index chat_messages_author on chat_messages (author_id);

-- What a message said before its corrections, the first version first.
create table chat_texts (
  message_id uuid not null references chat_messages (id)
    on delete cascade,
  n integer not null check (n > 0),
  text text not null,
  replaced_at timestamptz not null,
  primary key (message_id, n)
);
create trigger chat_texts_append_only
before update on chat_texts
for each row
execute function refuse_change();

-- The files of a message: uploaded to the chat, or documents of the order.
create table chat_files (
  message_id uuid not null references chat_messages (id)
    on delete cascade,
  n integer not null check (n > 0),
  file_id uuid not null references files (id),
  primary key (message_id, n)
);
create index chat_files_file on chat_files (file_id);

-- Up to which message a person has read a chat, in a role. Moderators have none.
create table chat_reads (
  order_id uuid not null,
  engineer_id uuid not null,
  role text not null check (role in ('customer', 'engineer', 'employer')),
  person_id uuid not null references people (id),
  seq integer not null check (seq > 0),
  read_at timestamptz not null,
  primary key (order_id, engineer_id, role, person_id),
  foreign key (order_id, engineer_id) references chats (order_id, engineer_id)
    on delete cascade
);
create index chat_reads_person on chat_reads (person_id);

-- The engineer of the chat to which a file was uploaded; null for a file of the order itself.
alter table files
add column chat_engineer_id uuid references engineers (id),
add check (chat_engineer_id is null or order_id is not null);
create index files_chat_engineer on files (chat_engineer_id) where chat_engineer_id is not null;

-- Whether the customer and an engineer may write to each other, while the order lasts and for a term
-- after it: before the choice as long as the engineer's response or offer stands, then the performer.
-- +goose StatementBegin
create function chat_is_open(asked uuid, engineer uuid)
returns boolean
language sql
stable
as $$
  select
    coalesce(o.engineer_id = engineer, false)
    or (
      o.stage = 'selection'
      and (
        exists (
          select
          from responses as r
          where r.order_id = o.id and r.engineer_id = engineer and r.status = 'open'
        )
        or exists (select from offers as f where f.order_id = o.id and f.engineer_id = engineer)
      )
    )
  from orders as o
  where o.id = asked;
$$;
-- +goose StatementEnd

-- Writes what follows from an order of its chats with some engineers, as of a change of the order.
-- The employer of a former performer goes on reading.
-- +goose StatementBegin
create function refresh_chats(asked uuid, engineers uuid[], at timestamptz)
returns void
language sql
as $$
  insert into chats
    (order_id, engineer_id, customer_id, performs, employer_id, open, ended_at, touched_at)
  select
    o.id,
    e.id,
    o.customer_id,
    p.performs,
    case
      when p.performs then o.employer_id
    end,
    chat_is_open(o.id, e.id),
    case
      when p.performs
      and final_stage(o.stage) then at
    end,
    at
  from
    orders as o
    cross join (select distinct unnest(engineers) as id) as e
    cross join lateral (select coalesce(o.engineer_id = e.id, false) as performs) as p
  where o.id = asked
  on conflict (order_id, engineer_id) do update
    set
      performs = excluded.performs,
      employer_id = case
        when excluded.performs
        or excluded.open then excluded.employer_id
        else chats.employer_id
      end,
      open = excluded.open,
      ended_at = case
        when excluded.ended_at is not null then coalesce(chats.ended_at, excluded.ended_at)
      end,
      touched_at = case
        when excluded.open
        and not chats.open then greatest(chats.touched_at, excluded.touched_at)
        else chats.touched_at
      end
    where
      (chats.performs, chats.employer_id, chats.open, chats.ended_at is not null) is distinct from (
        excluded.performs,
        case
          when excluded.performs
          or excluded.open then excluded.employer_id
          else chats.employer_id
        end,
        excluded.open,
        excluded.ended_at is not null
      );
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function refresh_chats_of_order()
returns trigger
language plpgsql
as $$
begin
    perform refresh_chats(new.id, array_remove(array(select c.engineer_id from chats as c where c.order_id = new.id) || new.engineer_id, null),
        new.updated_at);
    return null;
end $$;
-- +goose StatementEnd
create trigger orders_chats_new
after insert on orders
for each row
when (new.engineer_id is not null)
execute function refresh_chats_of_order();
create trigger orders_chats
after update on orders
for each row
when
  (
    (old.stage, old.engineer_id, old.employer_id) is distinct from (
      new.stage,
      new.engineer_id,
      new.employer_id
    )
  )
execute function refresh_chats_of_order();

-- +goose StatementBegin
create function refresh_chats_of_candidate()
returns trigger
language plpgsql
as $$
begin
    if tg_op <> 'INSERT' then
        perform refresh_chats(old.order_id, array[old.engineer_id], old.created_at);
    end if;
    if tg_op <> 'DELETE' then
        perform refresh_chats(new.order_id, array[new.engineer_id], new.created_at);
    end if;
    return null;
end $$;
-- +goose StatementEnd
create trigger responses_chats
after insert or delete on responses
for each row
execute function refresh_chats_of_candidate();
create trigger responses_chats_changed
after update on responses
for each row
when (old.status != new.status)
execute function refresh_chats_of_candidate();
create trigger offers_chats
after insert or delete on offers
for each row
execute function refresh_chats_of_candidate();
create trigger offers_chats_changed
after update on offers
for each row
when (old.engineer_id != new.engineer_id)
execute function refresh_chats_of_candidate();

-- A message is its author's: he may correct it, which keeps what it said, and withdraw it. A
-- withdrawn one and a line of the platform never change.
-- +goose StatementBegin
create function keep_chat_text()
returns trigger
language plpgsql
as $$
begin
    if old.side = 'platform' or old.withdrawn_at is not null then
        raise exception 'a message that its author has withdrawn and a line of the platform stay' using errcode = 'integrity_constraint_violation';
    end if;
    if new.text <> old.text then
        new.corrections := old.corrections + 1;
        insert into chat_texts (message_id, n, text, replaced_at) values (old.id, new.corrections, old.text, new.corrected_at);
    end if;
    return new;
end $$;
-- +goose StatementEnd
create trigger chat_messages_kept
before update of text, corrected_at, withdrawn_at on chat_messages
for each row
execute function keep_chat_text();

-- Chats with what decides who may read and write them and what is shown of their order.
-- candidate_employer is the employer of an engineer whose response or offer stands, disputed_since
-- the beginning of an open dispute with the performer.
create view shown_chats as
  select
    c.order_id,
    c.engineer_id,
    c.touched_at,
    c.performs,
    c.open,
    c.ended_at,
    c.seq,
    c.employer_id,
    o.number,
    o.stage,
    o.shown_stage,
    o.cause,
    p.id as customer_id,
    coalesce(p.same_as, p.id)::uuid as customer_account,
    p.name as customer_name,
    p.kind as customer_kind,
    e.name as engineer_name,
    coalesce(
      case
        when c.open
        and not c.performs
        and e.employment = 'confirmed' then e.employer_id
      end,
      '00000000-0000-0000-0000-000000000000'
    )::uuid as candidate_employer,
    coalesce(
      case
        when c.performs then o.state -> 'dispute' ->> 'since'
      end,
      ''
    )::text as disputed_since
  from
    chats as c
    join orders as o on o.id = c.order_id
    join parties as p on p.id = o.customer_id
    join engineers as e on e.id = c.engineer_id;

-- How many messages of a chat others than a person have written since the one that he read last.
-- +goose StatementBegin
create function unread_in_chat(asked uuid, engineer uuid, read_to integer, person uuid)
returns table (messages bigint)
language sql
stable
rows 1
as $$
  select count(*)
  from chat_messages as m
  where
    m.order_id = asked
    and m.engineer_id = engineer
    and m.seq > coalesce(read_to, 0)
    and m.author_id != person
    and m.side != 'platform'
    and m.withdrawn_at is null;
$$;
-- +goose StatementEnd

-- The chats of the orders that exist.
insert into chats
  (order_id, engineer_id, customer_id, performs, employer_id, open, ended_at, touched_at)
select
  o.id,
  e.engineer_id,
  o.customer_id,
  coalesce(o.engineer_id = e.engineer_id, false),
  case
    when o.engineer_id = e.engineer_id then o.employer_id
  end,
  chat_is_open(o.id, e.engineer_id),
  case
    when o.engineer_id = e.engineer_id
    and final_stage(o.stage) then coalesce(
      (
        select min(v.happened_at)
        from order_events as v
        where v.order_id = o.id and final_stage(v.stage_after)
      ),
      o.updated_at
    )
  end,
  min(e.at)
from
  orders as o
  join (
    select r.order_id, r.engineer_id, r.created_at as at
    from responses as r
    union all
    select f.order_id, f.engineer_id, f.created_at
    from offers as f
    union all
    select p.id, p.engineer_id, p.updated_at
    from orders as p
    where p.engineer_id is not null
  ) as e
    on e.order_id = o.id
group by o.id, e.engineer_id;

-- Both rows of a human who came back under another number of ЕСИА are one.
-- +goose StatementBegin
do $$ begin
    execute replace(pg_get_functiondef('merge_people'::regproc),
        'update order_forms set author_id = kept where author_id = duplicate;',
        'update order_forms set author_id = kept where author_id = duplicate;
    update chat_messages set author_id = kept where author_id = duplicate;
    update chat_reads r set person_id = kept where r.person_id = duplicate
        and not exists (select from chat_reads k where (k.order_id, k.engineer_id, k.role, k.person_id) = (r.order_id, r.engineer_id, r.role, kept));');
end $$;
-- +goose StatementEnd

-- The rights are granted again after each migration.
-- +goose StatementBegin
do $$ begin
    execute replace(replace(replace(pg_get_functiondef('grant_process_rights'::regproc),
        '"generated_documents": ', '"chat_messages": "text, corrected_at, withdrawn_at, author_id", "generated_documents": '),
        '''generated_documents'', ', '''generated_documents'', ''chats'', ''chat_messages'', ''chat_reads'', '),
        'array[''documents'', ', 'array[''documents'', ''chat_files'', ');
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
do $$ begin
    execute replace(replace(replace(pg_get_functiondef('grant_process_rights'::regproc),
        '"chat_messages": "text, corrected_at, withdrawn_at, author_id", ', ''),
        '''chats'', ''chat_messages'', ''chat_reads'', ', ''),
        '''chat_files'', ', '');
    execute replace(pg_get_functiondef('merge_people'::regproc),
        '
    update chat_messages set author_id = kept where author_id = duplicate;
    update chat_reads r set person_id = kept where r.person_id = duplicate
        and not exists (select from chat_reads k where (k.order_id, k.engineer_id, k.role, k.person_id) = (r.order_id, r.engineer_id, r.role, kept));', '');
end $$;
-- +goose StatementEnd
drop function unread_in_chat(uuid, uuid, integer, uuid);
drop table chat_reads, chat_files, chat_texts, chat_messages;
drop function keep_chat_text();
drop view shown_chats;
drop trigger offers_chats_changed on offers;
drop trigger offers_chats on offers;
drop trigger responses_chats_changed on responses;
drop trigger responses_chats on responses;
drop trigger orders_chats on orders;
drop trigger orders_chats_new on orders;
drop function refresh_chats_of_candidate();
drop function refresh_chats_of_order();
drop function refresh_chats(uuid, uuid[], timestamptz);
drop function chat_is_open(uuid, uuid);
delete from files where chat_engineer_id is not null;
alter table files drop column chat_engineer_id;
drop function disputed_orders();
drop index orders_disputed;
drop table chats;
