package grown

// fillOpenOrders lists the orders that await their engineers, as the triggers would have done.
const fillOpenOrders = `
insert into open_orders select * from listed_open_orders on conflict do nothing;
insert into known_place_words select distinct ' ' || w.word || ' ' from open_orders o cross join unnest(string_to_array(trim(o.place), ' ')) w (word)
on conflict do nothing`

// fillListing gives the engineers marks, reviews and a place in the public list, as the triggers that
// are disabled here would have done. It reads what the other tables contain.
const fillListing = `
update orders set mark = 1 + abs(hashtext(id::text)) % 5 where stage = 'completed' and abs(hashtext(number)) % 3 > 0;
insert into reviews (id, order_id, engineer_id, mark, body_id, has_text, work_kind, created_at, changed_at, text_changed_at)
select v.id, o.id, o.engineer_id, o.mark, o.form_id, v.id % 2 = 0, o.work_kind, v.happened_at, v.happened_at, v.happened_at
from orders o cross join lateral (select e.id, e.happened_at from order_events e where e.order_id = o.id order by e.seq desc limit 1) v
where o.mark is not null and o.engineer_id is not null;
insert into review_replies (review_id, version, person_id, content, created_at)
select r.id, 1, o.customer_person_id, 'Спасибо', r.created_at from reviews r join orders o on o.id = r.order_id where r.id % 4 = 0;
insert into review_decisions (id, review_id, subject, hidden, rule, reason, moderator_id, decided_at)
select gen_random_uuid(), r.id, 'review', true, 'insult', 'Оскорбление', o.customer_person_id, r.created_at
from reviews r join orders o on o.id = r.order_id where r.id % 50 = 0;
insert into engineer_statistics
select c.* from counted_statistics c where exists (select from engineers e where e.id = c.engineer_id);
insert into engineer_marks (engineer_id, mark, marks)
select o.engineer_id, o.mark, count(*) from orders o where o.mark is not null and o.engineer_id is not null group by o.engineer_id, o.mark;
insert into engineer_listing select * from listed_engineers;
select list_works(array(select engineer_id from engineer_listing));
select spell_names(array(select engineer_id from engineer_listing));`
