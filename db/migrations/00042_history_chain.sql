-- +goose Up

-- The record of an order's messages becomes a chain: each row has the hash of the row before it and
-- a hash over that and its own columns. internal/history documents what is hashed, and checks it.
-- The record now also has what only the event of an applied message had. A worker of the version
-- before does not write these columns; its rows are chained without them.
alter table order_messages
add column details jsonb,
add column stage_before text,
add column stage_after text,
add column text_hash bytea,
add column prev bytea,
add column hash bytea;

-- A text is hashed with a random salt. Its erasure removes both, and then nobody can find out by
-- guessing what the hash is of.
alter table message_bodies add column salt bytea default uuid_send(gen_random_uuid());
alter table message_bodies
add constraint message_bodies_erased check (salt is not null or body = '{}');

-- The hash of the record after a message; null while the record has no message of this number.
alter table orders add column head bytea;

-- +goose StatementBegin
create function text_hash(b message_bodies)
returns bytea
language sql
stable
as $$
  select sha256(b.salt || convert_to(b.body::text, 'UTF8'));
$$;

create function chained_field(value text)
returns text
language sql
immutable
as $$
  select coalesce(octet_length(value) || ':' || value || ',', '-');
$$;

create function chained_time(value timestamptz)
returns text
language sql
stable
as $$
  select chained_field((extract(epoch from value) * 1000000)::bigint::text);
$$;

-- Everything of a row except its place in the chain.
create function content_hash(m order_messages)
returns bytea
language sql
stable
as $$
  select
    sha256(
      convert_to(
        concat(
          chained_field('epkr-history-1'),
          chained_field(m.order_id::text),
          chained_field(m.seq::text),
          chained_field(m.id::text),
          chained_field(m.kind),
          chained_field(m.actor_role),
          chained_field(m.actor_person::text),
          chained_field(m.actor_party::text),
          chained_field(m.body_id::text),
          chained_field(encode(m.text_hash, 'hex')),
          chained_field(m.verdict),
          chained_field(m.code),
          chained_field(m.reason),
          chained_field(encode(sha256(convert_to(m.outcome::text, 'UTF8')), 'hex')),
          chained_field(encode(sha256(convert_to(m.details::text, 'UTF8')), 'hex')),
          chained_field(m.stage_before),
          chained_field(m.stage_after),
          chained_time(m.received_at),
          chained_time(m.happened_at),
          chained_time(m.recorded_at)
        ),
        'UTF8'
      )
    );
$$;

create function chain_link(prev bytea, content bytea)
returns bytea
language sql
immutable
as $$
  select sha256(coalesce(prev, '') || content);
$$;

do $$
begin
    create aggregate chain_of(bytea) (sfunc = chain_link, stype = bytea);
end $$;

-- A message that finds no message before it gets no previous hash: the check then reports the gap.
create function chain_message()
returns trigger
language plpgsql
set search_path = public, pg_temp
as $$
begin
    new.prev := (select m.hash from order_messages m where m.order_id = new.order_id and m.seq = new.seq - 1);
    if new.verdict = 'applied' then
        new.text_hash := (select text_hash(b) from message_bodies b where b.id = new.body_id);
    end if;
    new.hash := chain_link(new.prev, content_hash(new));
    return new;
end $$;

create function set_head()
returns trigger
language plpgsql
set search_path = public, pg_temp
as $$
begin
    new.head := (select m.hash from order_messages m where m.order_id = new.id and m.seq = new.seq);
    return new;
end $$;

-- Chains the rows that were written without triggers or before this version, and sets the heads.
create function chain_history()
returns void
language sql
as $$
  update order_messages as m
  set text_hash = text_hash(b)
  from message_bodies as b
  where b.id = m.body_id and m.verdict = 'applied' and m.hash is null;
  update order_messages as m
  set
    prev = c.prev,
    hash = c.hash
  from
    (
      select
        a.id,
        a.hash,
        lag(a.hash) over (
          partition by a.order_id
          order by a.seq
        ) as prev
      from
        (
          select
            r.id,
            r.order_id,
            r.seq,
            chain_of(content_hash(r)) over (
              partition by r.order_id
              order by r.seq
            ) as hash
          from order_messages as r
        ) as a
    ) as c
  where c.id = m.id and m.hash is null;
  update orders as o
  set head = m.hash
  from order_messages as m
  where m.order_id = o.id and m.seq = o.seq and o.head is distinct from m.hash;
$$;

-- Erases a text that a message names; the record still shows that there was one. Its message's hash
-- stays in the chain. False if the text is unknown or has been erased.
create function erase_text(text_id uuid)
returns boolean
language plpgsql
set search_path = public, pg_temp
as $$
begin
    update message_bodies set body = '{}', salt = null, sha256 = repeat('0', 64) where id = text_id and salt is not null;
    if not found then
        return false;
    end if;
    update orders set place = coalesce(order_place(form_id), '') where form_id = text_id;
    return true;
end $$;
-- +goose StatementEnd
revoke execute on function chain_history() from public;
revoke execute on function erase_text(uuid) from public;

alter table order_messages disable trigger user;
alter table orders disable trigger user;
update order_messages as m
set
  details = e.details,
  stage_before = e.stage_before,
  stage_after = e.stage_after
from order_events as e
where e.order_id = m.order_id and e.seq = m.seq and m.verdict = 'applied';
select chain_history();
alter table orders enable trigger user;
alter table order_messages enable trigger user;

-- A row that comes with its hash, as from a backup, keeps it.
create trigger order_messages_chained
before insert on order_messages
for each row
when (new.hash is null)
execute function chain_message();
create trigger orders_head
before update of seq on orders
for each row
when (old.seq is distinct from new.seq)
execute function set_head();
create trigger orders_head_of_new
before insert on orders
for each row
execute function set_head();
drop trigger order_messages_append_only on order_messages;
create trigger order_messages_append_only
before update or delete on order_messages
for each row
execute function refuse_change();
create trigger order_messages_no_truncate
before truncate on order_messages
for each statement
execute function refuse_change();

-- +goose Down
drop trigger order_messages_no_truncate on order_messages;
drop trigger order_messages_append_only on order_messages;
create trigger order_messages_append_only
before update on order_messages
for each row
execute function refuse_change();
drop trigger orders_head_of_new on orders;
drop trigger orders_head on orders;
drop trigger order_messages_chained on order_messages;
drop function erase_text(uuid);
drop function chain_history();
drop function set_head();
drop function chain_message();
-- +goose StatementBegin
do $$
begin
    drop aggregate chain_of(bytea);
end $$;
-- +goose StatementEnd
drop function chain_link(bytea, bytea);
drop function content_hash(order_messages);
drop function chained_time(timestamptz);
drop function chained_field(text);
drop function text_hash(message_bodies);
alter table orders drop column head;
alter table message_bodies drop column salt;
alter table order_messages
drop column hash,
drop column prev,
drop column text_hash,
drop column stage_after,
drop column stage_before,
drop column details;
