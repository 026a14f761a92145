-- +goose Up

-- Words or parts of words are found by three letters at a time.
create extension if not exists pg_trgm;

-- Text as search compares it: small letters and digits with one space between words, е for ё. Its
-- twin is searchtext.Fold, which folds what is asked for. The collation is named, because the case
-- of letters depends on the locale of the database otherwise.
create function search_fold(content text)
returns text
language sql
immutable
strict
parallel safe
return btrim(
  regexp_replace(
    replace(
      regexp_replace(
        lower(
          normalize(
            replace(
              regexp_replace(
                content,
                '[\u00ad\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]',
                '',
                'g'
              ),
              '№',
              ' '
            ),
            nfkc
          ) collate "und-x-icu"
        ),
        '[\u0300-\u036f]',
        '',
        'g'
      ),
      'ё',
      'е'
    ),
    '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u115f\u1160\u1680\u2000-\u206f\u2190-\u2bff\u3000-\u303f\u3164\uffa0]+',
    ' ',
    'g'
  )
);

-- What lists of names are sorted by, as Russian lists are: ё with е, and after it where all else is
-- the same. Hyphens do not count.
create function name_order(name text)
returns text
language sql
immutable
strict
parallel safe
return (search_fold(name) || ' ' || lower(normalize(name, nfc) collate "und-x-icu")) collate "C";

alter table engineers
add column search text not null generated always as (
  ' ' || search_fold(
    last_name || ' ' || first_name || ' ' || middle_name || ' ' || registry_number
  ) || ' '
) stored,
add column name_order text collate "C" not null generated always as (
  name_order(last_name || ' ' || first_name || ' ' || middle_name)
) stored;
create index engineers_search on engineers using gin (search gin_trgm_ops);
create index engineers_by_name on engineers (name_order, id);

alter table people
add column search text not null generated always as (
  ' ' || search_fold(last_name || ' ' || first_name || ' ' || middle_name) || ' '
) stored;
create index people_search on people using gin (search gin_trgm_ops);

-- Where the object of an order's works is, as its published form says. A new form changes it,
-- whoever writes it. A row is longer by it, and needs more room on its page for its next version.
alter table orders add column place text not null default '';
alter table orders set (fillfactor = 50);

create function order_place(form uuid)
returns text
language sql
stable
return (
  select
    ' ' || search_fold(
      concat_ws(' ', b.body ->> 'address', b.body ->> 'city', b.body ->> 'street')
    ) || ' '
  from message_bodies as b
  where b.id = form
);

-- +goose StatementBegin
create function set_order_place()
returns trigger
language plpgsql
as $$
begin
    new.place := coalesce(order_place(new.form_id), '');
    return new;
end $$;

create function set_place_of_new_order()
returns trigger
language plpgsql
as $$
begin
    update orders set place = coalesce(order_place(new.form_id), '') where id = new.id;
    return null;
end $$;
-- +goose StatementEnd

-- Recording writes an order by one statement that inserts or updates: a trigger before the insert
-- would read the form for every message.
create trigger orders_place
before update of form_id on orders
for each row
when (old.form_id is distinct from new.form_id)
execute function set_order_place();
create trigger orders_place_of_new
after insert on orders
for each row
when (new.form_id is not null)
execute function set_place_of_new_order();

update orders
set place = order_place(form_id)
where form_id is not null and exists (select from message_bodies as b where b.id = form_id);

create index orders_place on orders using gin (place gin_trgm_ops) where stage = 'selection';

-- Whether an engineer has ever performed an order, responded to one or was offered one: then his
-- cabinet stays open to him, whatever became of his status.
create function has_taken_part(engineer uuid)
returns boolean
language sql
stable
return exists (select from orders as o where o.engineer_id = engineer)
or exists (select from responses as r where r.engineer_id = engineer)
or exists (select from offers as f where f.engineer_id = engineer);

-- +goose Down
drop function has_taken_part(uuid);
drop index orders_place;
drop trigger orders_place_of_new on orders;
drop trigger orders_place on orders;
drop function set_place_of_new_order();
drop function set_order_place();
drop function order_place(uuid);
alter table orders set (fillfactor = 70);
alter table orders drop column place;
drop index people_search;
alter table people drop column search;
drop index engineers_by_name, engineers_search;
alter table engineers drop column name_order, drop column search;
drop function name_order(text);
drop function search_fold(text);
drop extension pg_trgm;
