-- +goose Up

-- How often an engineer's orders came to what. The transaction that records an order changes it:
-- nobody counts orders or marks when he looks at an engineer.
create table engineer_statistics (
  engineer_id uuid primary key references engineers (id)
    on delete cascade,
  -- The marks that stand, and their sum. A mark counts wherever it was given: only a customer who
  -- has reported his payment gives one, so the mark of an order that was terminated afterwards
  -- stays. One who replaces the engineer takes none over.
  marks integer not null default 0,
  mark_sum integer not null default 0,
  -- Marks with a text. A text that a moderator hid still counts.
  reviews integer not null default 0,
  -- «Выполнено»: completed orders. «Успешно»: see successful_order.
  completed integer not null default 0,
  successful integer not null default 0,
  -- Orders in work, and the steps that they have passed, see steps_passed.
  in_work integer not null default 0,
  steps integer not null default 0,
  -- «Отказы» are (abandoned + declined) of (taken + declined): offers that he declined and orders
  -- that he left before the contract was signed, of all that he was asked to do. What a customer,
  -- a moderator or both parties ended is no refusal of his.
  taken integer not null default 0,
  abandoned integer not null default 0,
  declined integer not null default 0,
  -- When one of these numbers changed last.
  last_active_at timestamptz not null
);

-- Whether a completed order is «успешно выполнен»: the customer's mark decides, 4 or 5; without a
-- mark, that he never returned the results with remarks.
create function successful_order(stage text, mark integer, rounds integer)
returns boolean
language sql
immutable
parallel safe
return stage = 'completed'
and case
  when mark is null then rounds = 0
  else mark >= 4
end;

-- How many of the six steps of the works an order in work has passed; null for others. A step that
-- an order leaves out counts as passed with the one before it.
create function steps_passed(stage text)
returns integer
language sql
immutable
parallel safe
return array_position(
  array['contract', 'prepayment', 'work', 'acceptance', 'registration', 'payment'],
  stage
) - 1;

-- What an order adds to the numbers of its performer.
-- +goose StatementBegin
create function order_statistics(o orders, sign integer)
returns engineer_statistics
language sql
immutable
as $$
  select
    row(
      o.engineer_id,
      sign * (o.mark is not null)::integer,
      sign * coalesce(o.mark, 0),
      0,
      sign * (o.stage = 'completed')::integer,
      sign * successful_order(o.stage, o.mark, o.rounds)::integer,
      sign * stage_in_work(o.stage)::integer,
      sign * coalesce(steps_passed(o.stage), 0),
      0,
      0,
      0,
      o.updated_at
    )::engineer_statistics;
$$;
-- +goose StatementEnd

-- The kinds of messages by which an engineer takes an order, leaves it or declines it.
create function is_engineers_choice(kind text)
returns boolean
language sql
immutable
parallel safe
return kind in ('accept-offer', 'choose', 'replace-engineer', 'leave-order', 'decline-offer');

-- What such a message adds to the numbers of the engineer whom it concerns.
-- +goose StatementBegin
create function choice_statistics(v order_events)
returns engineer_statistics
language sql
immutable
as $$
  select
    row(
      case
        when v.kind in ('choose', 'replace-engineer') then (v.details ->> 'engineer')::uuid
        else v.actor_party
      end,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      (v.kind in ('accept-offer', 'choose', 'replace-engineer'))::integer,
      (v.kind = 'leave-order')::integer,
      (v.kind = 'decline-offer')::integer,
      v.happened_at
    )::engineer_statistics;
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function add_statistics(d engineer_statistics)
returns void
language plpgsql
as $$
begin
    loop
        update engineer_statistics s set
            marks = s.marks + d.marks, mark_sum = s.mark_sum + d.mark_sum, reviews = s.reviews + d.reviews,
            completed = s.completed + d.completed, successful = s.successful + d.successful,
            in_work = s.in_work + d.in_work, steps = s.steps + d.steps,
            taken = s.taken + d.taken, abandoned = s.abandoned + d.abandoned, declined = s.declined + d.declined,
            last_active_at = greatest(s.last_active_at, d.last_active_at)
        where s.engineer_id = d.engineer_id;
        exit when found;
        insert into engineer_statistics (engineer_id, last_active_at) values (d.engineer_id, d.last_active_at) on conflict do nothing;
    end loop;
end $$;
-- +goose StatementEnd

-- A customer's mark with its text, by the performer whom it was given. A changed mark changes the
-- row. It ends when the works are redone or the performer is replaced; a later mark is another
-- review.
create table reviews (
  -- The event of the first mark.
  id bigint primary key,
  order_id uuid not null references orders (id)
    on delete cascade,
  engineer_id uuid not null references engineers (id)
    on delete cascade,
  mark integer not null check (mark between 1 and 5),
  body_id uuid references message_bodies (id),
  has_text boolean not null,
  work_kind text not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  ended_at timestamptz
);
create unique index reviews_order on reviews (order_id) where ended_at is null;
create index reviews_engineer on reviews (engineer_id, id desc) where ended_at is null;
create index reviews_texts on reviews (id desc) where has_text and ended_at is null;
create index reviews_body on reviews (body_id) where body_id is not null;

-- The engineer's one answer to a review, a row for each version of it.
create table review_replies (
  review_id bigint not null references reviews (id)
    on delete cascade,
  version integer not null check (version > 0),
  person_id uuid not null references people (id),
  content text not null check (content != ''),
  created_at timestamptz not null,
  primary key (review_id, version)
);

-- The moderators' decisions on the texts of a review: the customer's, or the engineer's reply. The
-- latest one counts. A mark stays.
create table review_decisions (
  id uuid primary key,
  number bigint generated always as identity unique,
  review_id bigint not null references reviews (id)
    on delete cascade,
  subject text not null check (subject in ('review', 'reply')),
  hidden boolean not null,
  rule text not null default '' check (
    rule in ('', 'personal-data', 'insult', 'advertising', 'off-topic', 'unlawful')
  ),
  reason text not null check (reason != ''),
  moderator_id uuid not null references people (id),
  decided_at timestamptz not null,
  check (hidden = (rule != ''))
);
create index review_decisions_review on review_decisions (review_id, subject, number desc);
create trigger review_replies_append_only
before update on review_replies
for each row
execute function refuse_change();
create trigger review_decisions_append_only
before update on review_decisions
for each row
execute function refuse_change();

create function review_hidden(review bigint, subject text)
returns boolean
language sql
stable
return coalesce(
  (
    select d.hidden
    from review_decisions as d
    where d.review_id = review and d.subject = review_hidden.subject
    order by d.number desc
    limit 1
  ),
  false
);

-- +goose StatementBegin
create function count_order()
returns trigger
language plpgsql
as $$
declare
    before engineer_statistics;
    after  engineer_statistics;
    d      engineer_statistics;
begin
    if tg_op <> 'INSERT' then
        before := order_statistics(old, -1);
        if old.mark is not null and (tg_op = 'DELETE' or new.mark is null) then
            update reviews r set ended_at = old.updated_at where r.order_id = old.id and r.ended_at is null returning r.has_text::integer into before.reviews;
            before.reviews := -coalesce(before.reviews, 0);
        end if;
    end if;
    if tg_op <> 'DELETE' then
        after := order_statistics(new, 1);
    end if;
    -- In the order of their ids, so that two exchanges of the same engineers wait for each other
    -- and do not deadlock.
    for d in
        select s.engineer_id, sum(s.marks), sum(s.mark_sum), sum(s.reviews), sum(s.completed), sum(s.successful), sum(s.in_work), sum(s.steps),
               sum(s.taken), sum(s.abandoned), sum(s.declined), max(s.last_active_at)
        from unnest(array[before, after]) s where s.engineer_id is not null group by s.engineer_id order by s.engineer_id
    loop
        perform add_statistics(d);
    end loop;
    return null;
end $$;

create function record_review()
returns trigger
language plpgsql
as $$
declare
    o       record;
    d       engineer_statistics;
    with_text boolean := coalesce((select b.body ->> 'review' from message_bodies b where b.id = new.body_id), '') <> '';
    had_text  boolean;
begin
    select e.engineer_id, e.mark, e.work_kind into o from orders e where e.id = new.order_id;
    if o.engineer_id is null or o.mark is null then
        return null;
    end if;
    select r.has_text into had_text from reviews r where r.order_id = new.order_id and r.ended_at is null for update;
    if found then
        update reviews r set mark = o.mark, body_id = new.body_id, has_text = with_text, changed_at = new.happened_at
            where r.order_id = new.order_id and r.ended_at is null;
    else
        insert into reviews (id, order_id, engineer_id, mark, body_id, has_text, work_kind, created_at, changed_at)
            values (new.id, new.order_id, o.engineer_id, o.mark, new.body_id, with_text, o.work_kind, new.happened_at, new.happened_at);
    end if;
    if with_text <> coalesce(had_text, false) then
        d := row(o.engineer_id, 0, 0, with_text::integer - coalesce(had_text, false)::integer, 0, 0, 0, 0, 0, 0, 0, new.happened_at)::engineer_statistics;
        perform add_statistics(d);
    end if;
    return null;
end $$;

create function count_choice()
returns trigger
language plpgsql
as $$
begin
    perform add_statistics(choice_statistics(new));
    return null;
end $$;
-- +goose StatementEnd

-- What has to be filled in is written before anything is watched. Marks of the time before a
-- replacement or a redoing have left their orders.
insert into reviews
  (id, order_id, engineer_id, mark, body_id, has_text, work_kind, created_at, changed_at)
select
  min(v.id),
  o.id,
  o.engineer_id,
  o.mark,
  l.body_id,
  coalesce(b.body ->> 'review', '') != '',
  o.work_kind,
  min(v.happened_at),
  max(v.happened_at)
from
  orders as o
  join order_events as v
    on v.order_id = o.id
    and v.kind = 'rate'
    and v.happened_at >= coalesce((o.state #>> '{rating,first}')::timestamptz, '-infinity')
  cross join lateral (
    select n.body_id
    from order_events as n
    where n.order_id = o.id and n.kind = 'rate'
    order by n.id desc
    limit 1
  ) as l
  left join message_bodies as b on b.id = l.body_id
where o.mark is not null and o.engineer_id is not null
group by o.id, l.body_id, b.body;

-- The numbers as the record gives them. The table is compared with it, and filled by it.
create view counted_statistics as
  select
    s.engineer_id,
    sum(s.marks)::integer as marks,
    sum(s.mark_sum)::integer as mark_sum,
    sum(s.reviews)::integer as reviews,
    sum(s.completed)::integer as completed,
    sum(s.successful)::integer as successful,
    sum(s.in_work)::integer as in_work,
    sum(s.steps)::integer as steps,
    sum(s.taken)::integer as taken,
    sum(s.abandoned)::integer as abandoned,
    sum(s.declined)::integer as declined,
    max(s.last_active_at) as last_active_at
  from
    (
      select
        c.engineer_id,
        c.marks,
        c.mark_sum,
        c.reviews,
        c.completed,
        c.successful,
        c.in_work,
        c.steps,
        c.taken,
        c.abandoned,
        c.declined,
        c.last_active_at
      from
        orders as o
        cross join lateral order_statistics(o, 1) as c
      where o.engineer_id is not null
      union all
      select
        c.engineer_id,
        c.marks,
        c.mark_sum,
        c.reviews,
        c.completed,
        c.successful,
        c.in_work,
        c.steps,
        c.taken,
        c.abandoned,
        c.declined,
        c.last_active_at
      from
        order_events as v
        cross join lateral choice_statistics(v) as c
      where is_engineers_choice(v.kind)
      union all
      select r.engineer_id, 0, 0, r.has_text::integer, 0, 0, 0, 0, 0, 0, 0, r.changed_at
      from reviews as r
      where r.ended_at is null
    ) as s
  group by s.engineer_id;

insert into engineer_statistics
  (
    engineer_id,
    marks,
    mark_sum,
    reviews,
    completed,
    successful,
    in_work,
    steps,
    taken,
    abandoned,
    declined,
    last_active_at
  )
select
  c.engineer_id,
  c.marks,
  c.mark_sum,
  c.reviews,
  c.completed,
  c.successful,
  c.in_work,
  c.steps,
  c.taken,
  c.abandoned,
  c.declined,
  c.last_active_at
from counted_statistics as c
where exists (select from engineers as e where e.id = c.engineer_id);

-- Recording writes an order at every message: these conditions are false for all but a few.
create trigger orders_counted
after update on orders
for each row
when
  (
    (old.engineer_id is not null or new.engineer_id is not null)
    and (
      old.engineer_id is distinct from new.engineer_id
      or old.stage != new.stage
      or old.mark is distinct from new.mark
    )
  )
execute function count_order();
create trigger orders_counted_new
after insert on orders
for each row
when (new.engineer_id is not null)
execute function count_order();
create trigger orders_counted_gone
after delete on orders
for each row
when (old.engineer_id is not null)
execute function count_order();
create trigger order_events_rated
after insert on order_events
for each row
when (new.kind = 'rate')
execute function record_review();
create trigger order_events_chosen
after insert on order_events
for each row
when (is_engineers_choice(new.kind))
execute function count_choice();

-- +goose Down
drop trigger order_events_chosen on order_events;
drop trigger order_events_rated on order_events;
drop trigger orders_counted_gone on orders;
drop trigger orders_counted_new on orders;
drop trigger orders_counted on orders;
drop view counted_statistics;
drop function review_hidden(bigint, text);
drop table review_decisions, review_replies, reviews;
drop function count_choice();
drop function record_review();
drop function count_order();
drop function add_statistics(engineer_statistics);
drop function choice_statistics(order_events);
drop function is_engineers_choice(text);
drop function order_statistics(orders, integer);
drop function steps_passed(text);
drop function successful_order(text, integer, integer);
drop table engineer_statistics;
