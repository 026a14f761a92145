-- +goose Up

-- Whom or what a notification is about, in words: the name of an engineer, an organisation or a
-- saved search. Its text says where.
alter table notifications add column subject text not null default '';
-- The review that it is about. The transaction that recorded it is none of the order's.
alter table notifications
add column review_id bigint references reviews (id)
  on delete cascade;
create index notifications_review on notifications (review_id) where review_id is not null;

-- Announces a notification to the API servers. Those that are recorded with a message of an order
-- are announced with the order, and those of saved searches all together.
-- +goose StatementBegin
create function announce_notification()
returns trigger
language plpgsql
as $$
begin
    perform pg_notify('epkr', json_build_object('n', new.id)::text);
    return null;
end $$;
-- +goose StatementEnd
create trigger notifications_announced
after insert on notifications
for each row
when (new.order_id is null or new.review_id is not null or new.role = 'moderator')
execute function announce_notification();

-- With how many active engineers an employer's engineers may take orders: order.MinEngineers.
create function min_engineers()
returns integer
language sql
immutable
parallel safe
return 2;

-- Counts the active engineers of employers anew. Who crosses the number with which engineers may
-- take orders tells its people, and the engineers who are active then: one who is left alone, or
-- all who may act again. The employers are locked.
-- +goose StatementBegin
create function recount_employers(employers uuid[], at timestamptz)
returns void
language sql
as $$
  with
    counted as (
      select
        p.id,
        coalesce(nullif(p.short_name, ''), p.name) as name,
        p.active_engineers as before,
        count_active_engineers(p.id) as after
      from parties as p
      where p.id = any (employers)
    ),
    changed as (
      update parties as p
      set active_engineers = c.after
      from counted as c
      where p.id = c.id and c.before != c.after
      returning
        c.id,
        c.name,
        c.after >= min_engineers() as enough,
        (c.before >= min_engineers()) != (c.after >= min_engineers()) as crossed
    ),
    active as (
      select c.id as employer, c.name, c.enough, e.id as engineer, e.name as engineers_name
      from
        changed as c
        join engineers as e
          on e.employer_id = c.id
          and e.employment = 'confirmed'
          and e.in_registry
          and not e.blocked
          and e.account_on
      where c.crossed
    )
  insert into notifications (role, party_id, kind, subject, created_at)
  select
    'engineer',
    a.engineer,
    case
      when a.enough then 'staff-engineer-enough'
      else 'staff-engineer-only'
    end,
    a.name,
    at
  from active as a
  union all
  select
    'employer',
    c.id,
    case
      when c.enough then 'staff-employer-enough'
      else 'staff-employer-only'
    end,
    case
      when c.enough then ''
      else coalesce(
        (
          select string_agg(a.engineers_name, ', ' order by a.engineers_name)
          from active as a
          where a.employer = c.id
        ),
        ''
      )
    end,
    at
  from changed as c
  where c.crossed;
$$;
-- +goose StatementEnd

-- The second engineer is lost or back as well when an account is switched off or on, and when an
-- employer's accounts turn out to be one.
-- +goose StatementBegin
create or replace function recount_employer()
returns trigger
language plpgsql
as $$
begin
    perform recount_employers(array[new.employer_id], now());
    return null;
end $$;

create or replace function move_engineers()
returns trigger
language plpgsql
as $$
begin
    update engineers set employer_id = new.same_as where employer_id = new.id;
    update parties k set is_employer = k.is_employer or new.is_employer where k.id = new.same_as;
    perform recount_employers(array[new.same_as], now());
    return null;
end $$;
-- +goose StatementEnd

-- How many times each mark stands for an engineer. It changes with engineer_statistics, whose row
-- is locked before.
create table engineer_marks (
  engineer_id uuid not null references engineers (id)
    on delete cascade,
  mark integer not null check (mark between 1 and 5),
  marks integer not null,
  primary key (engineer_id, mark)
);
insert into engineer_marks (engineer_id, mark, marks)
select o.engineer_id, o.mark, count(*)
from orders as o
where o.engineer_id is not null and o.mark is not null
group by o.engineer_id, o.mark;

-- +goose StatementBegin
create function count_marks()
returns trigger
language plpgsql
as $$
begin
    insert into engineer_marks as m (engineer_id, mark, marks)
    select c.engineer_id, c.mark, sum(c.n)
    from (values (case when tg_op <> 'INSERT' then old.engineer_id end, case when tg_op <> 'INSERT' then old.mark end, -1),
                 (case when tg_op <> 'DELETE' then new.engineer_id end, case when tg_op <> 'DELETE' then new.mark end, 1)) c (engineer_id, mark, n)
    where c.engineer_id is not null and c.mark is not null
    group by c.engineer_id, c.mark having sum(c.n) <> 0 order by c.engineer_id, c.mark
    on conflict (engineer_id, mark) do update set marks = m.marks + excluded.marks;
    return null;
end $$;
-- +goose StatementEnd
-- By their names they come after the triggers that count an order.
create trigger orders_marked
after update on orders
for each row
when
  (
    (old.mark is not null or new.mark is not null)
    and (old.engineer_id is distinct from new.engineer_id or old.mark is distinct from new.mark)
  )
execute function count_marks();
create trigger orders_marked_new
after insert on orders
for each row
when (new.mark is not null)
execute function count_marks();
create trigger orders_marked_gone
after delete on orders
for each row
when (old.mark is not null)
execute function count_marks();

-- When the customer last changed the text of a review, not only its mark.
alter table reviews add column text_changed_at timestamptz;
update reviews set text_changed_at = changed_at;
alter table reviews alter column text_changed_at set not null;

-- Whether a moderator has decided on a text.
-- +goose StatementBegin
create function review_decided(review bigint, subject text)
returns boolean
language sql
stable
as $$
  select
    exists (
      select
      from review_decisions as d
      where d.review_id = review and d.subject = review_decided.subject
    );
$$;
-- +goose StatementEnd

-- The latest decision on a text of a review was made before the text became what it is.
-- +goose StatementBegin
create function review_changed(review reviews)
returns boolean
language sql
stable
as $$
  select
    exists (
      select
      from
        (
          select distinct on (d.subject) d.subject, d.decided_at
          from review_decisions as d
          where d.review_id = review.id
          order by d.subject, d.number desc
        ) as l
      where
        l.decided_at < case l.subject
          when 'review' then review.text_changed_at
          else (select max(v.created_at) from review_replies as v where v.review_id = review.id)
        end
    );
$$;
-- +goose StatementEnd

-- A text that is changed after a decision on it stays as it was decided. The moderators are told.
-- +goose StatementBegin
create function review_text(body uuid)
returns text
language sql
stable
as $$
  select
    coalesce(
      (select b.body ->> 'review' from message_bodies as b where b.id = review_text.body),
      ''
    );
$$;

create function set_review_text()
returns trigger
language plpgsql
as $$
begin
    if tg_op = 'INSERT' then
        new.text_changed_at := new.changed_at;
    elsif review_text(old.body_id) <> review_text(new.body_id) then
        new.text_changed_at := new.changed_at;
        if new.has_text and review_decided(new.id, 'review') then
            insert into notifications (role, order_id, review_id, kind, subject, created_at)
            select 'moderator', new.order_id, new.id, 'review-corrected', e.name, new.changed_at from engineers e where e.id = new.engineer_id;
        end if;
    end if;
    return new;
end $$;

create function tell_changed_reply()
returns trigger
language plpgsql
as $$
begin
    insert into notifications (role, order_id, review_id, kind, subject, created_at)
    select 'moderator', r.order_id, r.id, 'reply-corrected', e.name, new.created_at
    from reviews r join engineers e on e.id = r.engineer_id where r.id = new.review_id and review_decided(r.id, 'reply');
    return null;
end $$;
-- +goose StatementEnd
create trigger reviews_text
before insert or update on reviews
for each row
execute function set_review_text();
create trigger review_replies_changed
after insert on review_replies
for each row
when (new.version > 1)
execute function tell_changed_reply();

-- +goose Down
drop trigger review_replies_changed on review_replies;
drop trigger reviews_text on reviews;
drop function tell_changed_reply();
drop function set_review_text();
drop function review_text(uuid);
drop function review_changed(reviews);
drop function review_decided(bigint, text);
alter table reviews drop column text_changed_at;
drop trigger orders_marked_gone on orders;
drop trigger orders_marked_new on orders;
drop trigger orders_marked on orders;
drop function count_marks();
drop table engineer_marks;
-- +goose StatementBegin
create or replace function recount_employer()
returns trigger
language plpgsql
as $$
begin
    update parties p set active_engineers = count_active_engineers(p.id) where p.id = new.employer_id;
    return null;
end $$;

create or replace function move_engineers()
returns trigger
language plpgsql
as $$
begin
    update engineers set employer_id = new.same_as where employer_id = new.id;
    update parties k set is_employer = k.is_employer or new.is_employer,
            active_engineers = (select count(*) from engineers e
                where e.employer_id = k.id and e.employment = 'confirmed' and e.in_registry and not e.blocked)
        where k.id = new.same_as;
    return null;
end $$;
-- +goose StatementEnd
drop function recount_employers(uuid[], timestamptz);
drop function min_engineers();
drop trigger notifications_announced on notifications;
drop function announce_notification();
alter table notifications drop column review_id, drop column subject;
