-- +goose Up

-- How often an engineer's orders came to what. The transaction that records an order changes it: nobody counts orders or marks when he
-- looks at an engineer.
create table engineer_statistics (
    engineer_id    uuid primary key references engineers (id) on delete cascade,
    -- The marks that stand, and their sum. A mark counts wherever it was given: only a customer who has reported his payment gives one,
    -- so the mark of an order that was terminated afterwards stays. One who replaces the engineer takes none over.
    marks          integer not null default 0,
    mark_sum       integer not null default 0,
    -- Marks with a text. A text that a moderator hid still counts.
    reviews        integer not null default 0,
    -- «Выполнено»: completed orders. «Успешно»: see successful_order.
    completed      integer not null default 0,
    successful     integer not null default 0,
    -- Orders in work, and the steps that they have passed, see steps_passed.
    in_work        integer not null default 0,
    steps          integer not null default 0,
    -- «Отказы» are (abandoned + declined) of (taken + declined): offers that he declined and orders that he left before the contract was
    -- signed, of all that he was asked to do. What a customer, a moderator or both parties ended is no refusal of his.
    taken          integer not null default 0,
    abandoned      integer not null default 0,
    declined       integer not null default 0,
    -- When one of these numbers changed last.
    last_active_at timestamptz not null
);

-- Whether a completed order is «успешно выполнен»: the customer's mark decides, 4 or 5; without a mark, that he never returned the results
-- with remarks.
create function successful_order(stage text, mark integer, rounds integer) returns boolean language sql immutable parallel safe
    return stage = 'completed' and case when mark is null then rounds = 0 else mark >= 4 end;

-- How many of the six steps of the works an order in work has passed; null for others. A step that an order leaves out counts as passed
-- with the one before it.
create function steps_passed(stage text) returns integer language sql immutable parallel safe
    return array_position(array['contract', 'prepayment', 'work', 'acceptance', 'registration', 'payment'], stage) - 1;

-- What an order adds to the numbers of its performer.
create function order_statistics(o orders, sign integer) returns engineer_statistics language sql immutable as $$
    select row(o.engineer_id, sign * (o.mark is not null)::integer, sign * coalesce(o.mark, 0), 0, sign * (o.stage = 'completed')::integer,
        sign * successful_order(o.stage, o.mark, o.rounds)::integer, sign * stage_in_work(o.stage)::integer,
        sign * coalesce(steps_passed(o.stage), 0), 0, 0, 0, o.updated_at)::engineer_statistics
$$;

-- The kinds of messages by which an engineer takes an order, leaves it or declines it.
create function is_engineers_choice(kind text) returns boolean language sql immutable parallel safe
    return kind in ('accept-offer', 'choose', 'replace-engineer', 'leave-order', 'decline-offer');

-- What such a message adds to the numbers of the engineer whom it concerns.
create function choice_statistics(v order_events) returns engineer_statistics language sql immutable as $$
    select row(case when v.kind in ('choose', 'replace-engineer') then (v.details ->> 'engineer')::uuid else v.actor_party end, 0, 0, 0, 0, 0, 0, 0,
        (v.kind in ('accept-offer', 'choose', 'replace-engineer'))::integer, (v.kind = 'leave-order')::integer, (v.kind = 'decline-offer')::integer,
        v.happened_at)::engineer_statistics
$$;

-- +goose StatementBegin
create function add_statistics(d engineer_statistics) returns void language plpgsql as $$
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

-- A customer's mark with its text, by the performer whom it was given. A changed mark changes the row. It ends when the works are redone or
-- the performer is replaced; a later mark is another review.
create table reviews (
    -- The event of the first mark.
    id          bigint primary key,
    order_id    uuid not null references orders (id) on delete cascade,
    engineer_id uuid not null references engineers (id) on delete cascade,
    mark        integer not null check (mark between 1 and 5),
    body_id     uuid references message_bodies (id),
    has_text    boolean not null,
    work_kind   text not null,
    created_at  timestamptz not null,
    changed_at  timestamptz not null,
    ended_at    timestamptz
);
create unique index reviews_order on reviews (order_id) where ended_at is null;
create index reviews_engineer on reviews (engineer_id, id desc) where ended_at is null;
create index reviews_texts on reviews (id desc) where has_text and ended_at is null;
create index reviews_body on reviews (body_id) where body_id is not null;

-- The engineer's one answer to a review, a row for each version of it.
create table review_replies (
    review_id  bigint not null references reviews (id) on delete cascade,
    version    integer not null check (version > 0),
    person_id  uuid not null references people (id),
    content    text not null check (content <> ''),
    created_at timestamptz not null,
    primary key (review_id, version)
);

-- The moderators' decisions on the texts of a review: the customer's, or the engineer's reply. The latest one counts. A mark stays.
create table review_decisions (
    id           uuid primary key,
    number       bigint generated always as identity unique,
    review_id    bigint not null references reviews (id) on delete cascade,
    subject      text not null check (subject in ('review', 'reply')),
    hidden       boolean not null,
    rule         text not null default '' check (rule in ('', 'personal-data', 'insult', 'advertising', 'off-topic', 'unlawful')),
    reason       text not null check (reason <> ''),
    moderator_id uuid not null references people (id),
    decided_at   timestamptz not null,
    check (hidden = (rule <> ''))
);
create index review_decisions_review on review_decisions (review_id, subject, number desc);
create trigger review_replies_append_only before update on review_replies for each row execute function refuse_change();
create trigger review_decisions_append_only before update on review_decisions for each row execute function refuse_change();

create function review_hidden(review bigint, subject text) returns boolean language sql stable
    return coalesce((select d.hidden from review_decisions d where d.review_id = review and d.subject = review_hidden.subject
                     order by d.number desc limit 1), false);

-- +goose StatementBegin
create function count_order() returns trigger language plpgsql as $$
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
    -- In the order of their ids, so that two exchanges of the same engineers wait for each other and do not deadlock.
    for d in
        select s.engineer_id, sum(s.marks), sum(s.mark_sum), sum(s.reviews), sum(s.completed), sum(s.successful), sum(s.in_work), sum(s.steps),
               sum(s.taken), sum(s.abandoned), sum(s.declined), max(s.last_active_at)
        from unnest(array[before, after]) s where s.engineer_id is not null group by s.engineer_id order by s.engineer_id
    loop
        perform add_statistics(d);
    end loop;
    return null;
end $$;

create function record_review() returns trigger language plpgsql as $$
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

create function count_choice() returns trigger language plpgsql as $$
begin
    perform add_statistics(choice_statistics(new));
    return null;
end $$;
-- +goose StatementEnd

-- What has to be filled in is written before anything is watched. Marks of the time before a replacement or a redoing have left their orders.
insert into reviews (id, order_id, engineer_id, mark, body_id, has_text, work_kind, created_at, changed_at)
select min(v.id), o.id, o.engineer_id, o.mark, l.body_id, coalesce(b.body ->> 'review', '') <> '', o.work_kind, min(v.happened_at), max(v.happened_at)
from orders o
join order_events v on v.order_id = o.id and v.kind = 'rate' and v.happened_at >= coalesce((o.state #>> '{rating,first}')::timestamptz, '-infinity')
cross join lateral (select n.body_id from order_events n where n.order_id = o.id and n.kind = 'rate' order by n.id desc limit 1) l
left join message_bodies b on b.id = l.body_id
where o.mark is not null and o.engineer_id is not null
group by o.id, l.body_id, b.body;

-- The numbers as the record gives them. The table is compared with it, and filled by it.
create view counted_statistics as
    select s.engineer_id, sum(s.marks)::integer as marks, sum(s.mark_sum)::integer as mark_sum, sum(s.reviews)::integer as reviews,
           sum(s.completed)::integer as completed, sum(s.successful)::integer as successful, sum(s.in_work)::integer as in_work,
           sum(s.steps)::integer as steps, sum(s.taken)::integer as taken, sum(s.abandoned)::integer as abandoned,
           sum(s.declined)::integer as declined, max(s.last_active_at) as last_active_at
    from (select c.engineer_id, c.marks, c.mark_sum, c.reviews, c.completed, c.successful, c.in_work, c.steps, c.taken, c.abandoned, c.declined, c.last_active_at
          from orders o cross join lateral order_statistics(o, 1) c where o.engineer_id is not null
          union all
          select c.engineer_id, c.marks, c.mark_sum, c.reviews, c.completed, c.successful, c.in_work, c.steps, c.taken, c.abandoned, c.declined, c.last_active_at
          from order_events v cross join lateral choice_statistics(v) c where is_engineers_choice(v.kind)
          union all
          select r.engineer_id, 0, 0, r.has_text::integer, 0, 0, 0, 0, 0, 0, 0, r.changed_at from reviews r where r.ended_at is null) s
    group by s.engineer_id;

insert into engineer_statistics (engineer_id, marks, mark_sum, reviews, completed, successful, in_work, steps, taken, abandoned, declined, last_active_at)
select c.engineer_id, c.marks, c.mark_sum, c.reviews, c.completed, c.successful, c.in_work, c.steps, c.taken, c.abandoned, c.declined, c.last_active_at
from counted_statistics c where exists (select from engineers e where e.id = c.engineer_id);

-- Recording writes an order at every message: these conditions are false for all but a few.
create trigger orders_counted after update on orders for each row
    when ((old.engineer_id is not null or new.engineer_id is not null)
          and (old.engineer_id is distinct from new.engineer_id or old.stage <> new.stage or old.mark is distinct from new.mark))
    execute function count_order();
create trigger orders_counted_new after insert on orders for each row when (new.engineer_id is not null) execute function count_order();
create trigger orders_counted_gone after delete on orders for each row when (old.engineer_id is not null) execute function count_order();
create trigger order_events_rated after insert on order_events for each row when (new.kind = 'rate') execute function record_review();
create trigger order_events_chosen after insert on order_events for each row when (is_engineers_choice(new.kind)) execute function count_choice();

-- The name by which people know an engineer: that of ЕСИА once he has signed in, and until then the registry's.
create function engineer_name(e engineers) returns text language sql stable as $$
    select coalesce((select concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')) from people p where p.id = e.person_id),
                    concat_ws(' ', e.last_name, e.first_name, nullif(e.middle_name, '')))
$$;

-- The public list of engineers, a row for each who is in it, with what it is searched and sorted by: one table, so that one index gives a page.
-- The keys sort upwards: a rating is the negative of its hundredths times a million, less the number of marks.
create table engineer_listing (
    engineer_id     uuid primary key references engineers (id) on delete cascade,
    name_order      text collate "C" not null,
    search          text not null,
    sro_search      text not null,
    regions         text[] not null,
    works           text[] not null,
    form            text not null,
    receives_orders boolean not null,
    rating_key      bigint not null,
    completed_key   bigint not null,
    since_key       bigint not null,
    price_key       bigint not null
);

-- What sorts behind all: no price, no year.
create function last_key() returns bigint language sql immutable parallel safe return 9000000000000000000;

-- Who is listed and as what: the one place that says so.
create view listed_engineers as
    select e.id as engineer_id, name_order(n.name) as name_order, ' ' || search_fold(n.name || ' ' || e.registry_number) || ' ' as search,
           ' ' || search_fold(e.sro) || ' ' as sro_search, e.regions, w.kinds as works, e.form, e.receives_orders,
           case when coalesce(s.marks, 0) = 0 then 0
                else -(round(100.0 * s.mark_sum / s.marks)::bigint * 1000000 + least(s.marks, 999999)) end as rating_key,
           -coalesce(s.completed, 0)::bigint as completed_key, coalesce(p.experience_since, last_key()) as since_key,
           coalesce(w.lowest, last_key()) as price_key
    from engineers e
    left join engineer_statistics s on s.engineer_id = e.id
    left join engineer_profiles p on p.engineer_id = e.id
    cross join lateral (select engineer_name(e) as name offset 0) n
    cross join lateral (select coalesce(array_agg(k.work_kind), '{}') as kinds, min(k.price) as lowest from engineer_works k where k.engineer_id = e.id) w
    where e.in_registry and not e.blocked and e.profile_complete;

-- The words of the names in the list, each under itself and under itself without one of its letters: two words that differ by one typing error
-- have such a spelling in common.
create table name_spellings (
    spelling text not null,
    word     text not null,
    primary key (spelling, word)
);
create function spellings_of(word text) returns setof text language sql immutable strict parallel safe as $$
    select word union select overlay(word placing '' from i for 1) from generate_series(1, length(word)) i
$$;

-- Adds the words of the engineers' names. They are added in order, so that two who add the same ones wait for each other.
create function spell_names(engineers uuid[]) returns void language sql as $$
    insert into name_spellings (spelling, word)
    select s, w.word
    from (select distinct unnest(string_to_array(search_fold(engineer_name(e)), ' ')) as word from engineers e where e.id = any(engineers)) w
    cross join lateral spellings_of(w.word) s
    where length(w.word) >= 4 and not exists (select from name_spellings k where k.spelling = w.word and k.word = w.word)
    order by s, w.word
    on conflict do nothing
$$;

-- +goose StatementBegin
-- Writes the engineers' rows of the list anew. The locks make two changes of one engineer take turns, so that the later one sees the earlier.
-- There are few such locks, because a transaction may change thousands of engineers.
create function list_engineers(engineers uuid[]) returns void language plpgsql as $$
begin
    perform pg_advisory_xact_lock(29, k.key) from (select distinct hashtext(e::text) & 63 as key from unnest(engineers) e order by 1) k;
    insert into engineer_listing as l select * from listed_engineers v where v.engineer_id = any(engineers)
    on conflict (engineer_id) do update set
        name_order = excluded.name_order, search = excluded.search, sro_search = excluded.sro_search, regions = excluded.regions,
        works = excluded.works, form = excluded.form, receives_orders = excluded.receives_orders, rating_key = excluded.rating_key,
        completed_key = excluded.completed_key, since_key = excluded.since_key, price_key = excluded.price_key;
    delete from engineer_listing l where l.engineer_id = any(engineers)
        and not exists (select from engineers e where e.id = l.engineer_id and e.in_registry and not e.blocked and e.profile_complete);
    perform spell_names(array(select l.engineer_id from engineer_listing l where l.engineer_id = any(engineers)));
end $$;

create function list_changed_engineer() returns trigger language plpgsql as $$
begin
    perform list_engineers(array[new.id]);
    return null;
end $$;

create function list_added_engineers() returns trigger language plpgsql as $$
declare
    complete uuid[] := array(select a.id from added a where a.in_registry and not a.blocked and a.profile_complete);
begin
    if complete <> '{}' then
        insert into engineer_listing select * from listed_engineers v where v.engineer_id = any(complete);
        perform spell_names(complete);
    end if;
    return null;
end $$;

create function list_changed_details() returns trigger language plpgsql as $$
begin
    perform list_engineers(array(select distinct c.engineer_id from changed c));
    return null;
end $$;

create function list_counted_engineer() returns trigger language plpgsql as $$
begin
    perform list_engineers(array[new.engineer_id]);
    return null;
end $$;

create function list_renamed_person() returns trigger language plpgsql as $$
begin
    perform list_engineers(array(select e.id from engineers e where e.person_id = new.id));
    return null;
end $$;
-- +goose StatementEnd

insert into engineer_listing select * from listed_engineers;
select spell_names(array(select l.engineer_id from engineer_listing l));

create trigger engineers_listed after insert on engineers referencing new table as added for each statement execute function list_added_engineers();
create trigger engineers_listed_anew after update on engineers for each row
    when ((old.in_registry, old.blocked, old.profile_complete, old.last_name, old.first_name, old.middle_name, old.registry_number, old.sro, old.person_id,
           old.form, old.receives_orders, old.regions)
          is distinct from (new.in_registry, new.blocked, new.profile_complete, new.last_name, new.first_name, new.middle_name, new.registry_number, new.sro,
           new.person_id, new.form, new.receives_orders, new.regions))
    execute function list_changed_engineer();
create trigger engineer_profiles_listed after update on engineer_profiles referencing new table as changed
    for each statement execute function list_changed_details();
create trigger engineer_profiles_listed_new after insert on engineer_profiles referencing new table as changed
    for each statement execute function list_changed_details();
create trigger engineer_works_listed after update on engineer_works referencing new table as changed
    for each statement execute function list_changed_details();
create trigger engineer_works_listed_new after insert on engineer_works referencing new table as changed
    for each statement execute function list_changed_details();
create trigger engineer_works_listed_gone after delete on engineer_works referencing old table as changed
    for each statement execute function list_changed_details();
create trigger engineer_statistics_listed_new after insert on engineer_statistics for each row
    when (new.marks <> 0 or new.completed <> 0) execute function list_counted_engineer();
create trigger engineer_statistics_listed after update on engineer_statistics for each row
    when ((old.marks, old.mark_sum, old.completed) is distinct from (new.marks, new.mark_sum, new.completed)) execute function list_counted_engineer();
create trigger people_listed after update on people for each row
    when ((old.last_name, old.first_name, old.middle_name) is distinct from (new.last_name, new.first_name, new.middle_name))
    execute function list_renamed_person();

create index engineer_listing_rating on engineer_listing (rating_key, name_order, engineer_id);
create index engineer_listing_completed on engineer_listing (completed_key, name_order, engineer_id);
create index engineer_listing_since on engineer_listing (since_key, name_order, engineer_id);
create index engineer_listing_price on engineer_listing (price_key, name_order, engineer_id);
create index engineer_listing_name on engineer_listing (name_order, engineer_id);
create index engineer_listing_search on engineer_listing using gin (search gin_trgm_ops) with (gin_pending_list_limit = 512);
create index engineer_listing_sro on engineer_listing using gin (sro_search gin_trgm_ops) with (gin_pending_list_limit = 512);
create index engineer_listing_regions on engineer_listing using gin (regions) with (gin_pending_list_limit = 512);
create index engineer_works_price on engineer_works (work_kind, coalesce(price, 9000000000000000000), engineer_id);

-- The conditions of a search, as text: a page and its total are two statements with the same ones. $1 to $12 are the parameters of both.
-- The first three words of a name are named one by one: only so is the index searched for all of them.
create function listing_conditions(price text) returns text language sql immutable as $$
    select '($1 = '''' or l.search like $1 and l.search like all ($2))
        and (cardinality($2) < 2 or l.search like $2[1] and l.search like $2[2])
        and (cardinality($2) < 3 or l.search like $2[3])
        and ($3 = '''' or l.search ~ $3 and l.search ~ all ($4))
        and ($5 = '''' or l.sro_search like $5)
        and (cardinality($6) = 0 or l.regions && $6)
        and ($7 = '''' or l.works @> array[$7])
        and ($8 = 0 or ' || price || ' <= $8)
        and ($9 = 0 or l.rating_key <= $9::bigint * -1000000)
        and ($10 = 0 or l.since_key <= $10)
        and ($11 = '''' or l.form = $11)
        and (not $12 or l.receives_orders)'
$$;
create function listing_source(work_kind text, priced boolean, out source text, out price text) language sql immutable as $$
    select case when priced and work_kind <> '' then 'engineer_listing l join engineer_works w on w.engineer_id = l.engineer_id and w.work_kind = $7'
                else 'engineer_listing l' end,
           case when priced and work_kind <> '' then 'coalesce(w.price, 9000000000000000000)' else 'l.price_key' end
$$;

-- +goose StatementBegin
-- A page of the list. The statement is planned for its parameters each time: conditions that are not asked for vanish, and the index of the
-- sorting is walked. Where the price of one kind of work matters, it stands in the rows' price_key.
create function find_engineers(names text, words text[], spelling text, spellings text[], sro text, regions text[], work_kind text, price_to bigint,
    rating_from integer, since_to integer, form text, receives boolean, sort text, after1 bigint, after_name text, after_id uuid, page integer)
returns setof engineer_listing language plpgsql stable as $$
declare
    l record := listing_source(work_kind, price_to > 0 or sort = 'price');
    key text := case sort when 'rating' then 'l.rating_key' when 'completed' then 'l.completed_key' when 'experience' then 'l.since_key'
                          when 'price' then l.price end;
begin
    return query execute format(
        'select l.engineer_id, l.name_order, l.search, l.sro_search, l.regions, l.works, l.form, l.receives_orders, l.rating_key, l.completed_key, l.since_key, %1$s
         from %2$s where %3$s and %4$s order by %5$s limit $13',
        l.price, l.source, listing_conditions(l.price),
        case when key is null then '(l.name_order, l.engineer_id) > ($15, $16)'
             else format('%1$s >= $14 and (%1$s, l.name_order, l.engineer_id) > ($14, $15, $16)', key) end,
        concat_ws(', ', key, 'l.name_order', 'l.engineer_id'))
    using names, words, spelling, spellings, sro, regions, work_kind, price_to, rating_from, since_to, form, receives, page, after1, after_name, after_id;
end $$;

-- How many engineers the conditions find, but no more than most.
create function count_engineers(names text, words text[], spelling text, spellings text[], sro text, regions text[], work_kind text, price_to bigint,
    rating_from integer, since_to integer, form text, receives boolean, most integer)
returns bigint language plpgsql stable as $$
declare
    l     record := listing_source(work_kind, price_to > 0);
    found bigint;
begin
    execute format('select count(*) from (select from %s where %s limit $13) f', l.source, listing_conditions(l.price))
        into found using names, words, spelling, spellings, sro, regions, work_kind, price_to, rating_from, since_to, form, receives, most;
    return found;
end $$;
-- +goose StatementEnd

-- +goose Down
drop function count_engineers(text, text[], text, text[], text, text[], text, bigint, integer, integer, text, boolean, integer);
drop function find_engineers(text, text[], text, text[], text, text[], text, bigint, integer, integer, text, boolean, text, bigint, text, uuid, integer);
drop function listing_source(text, boolean);
drop function listing_conditions(text);
drop index engineer_works_price;
drop trigger people_listed on people;
drop trigger engineer_statistics_listed on engineer_statistics;
drop trigger engineer_statistics_listed_new on engineer_statistics;
drop trigger engineer_works_listed_gone on engineer_works;
drop trigger engineer_works_listed_new on engineer_works;
drop trigger engineer_works_listed on engineer_works;
drop trigger engineer_profiles_listed_new on engineer_profiles;
drop trigger engineer_profiles_listed on engineer_profiles;
drop trigger engineers_listed_anew on engineers;
drop trigger engineers_listed on engineers;
drop trigger order_events_chosen on order_events;
drop trigger order_events_rated on order_events;
drop trigger orders_counted_gone on orders;
drop trigger orders_counted_new on orders;
drop trigger orders_counted on orders;
drop view listed_engineers, counted_statistics;
drop function review_hidden(bigint, text);
drop table engineer_listing, name_spellings, review_decisions, review_replies, reviews;
drop function list_renamed_person();
drop function list_changed_details();
drop function list_added_engineers();
drop function list_changed_engineer();
drop function list_counted_engineer();
drop function list_engineers(uuid[]);
drop function spell_names(uuid[]);
drop function spellings_of(text);
drop function last_key();
drop function engineer_name(engineers);
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
