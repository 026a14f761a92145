-- +goose Up

-- Who stands on which side of an order as a human, whatever account he used: nobody may act on both.

create index orders_customer_person on orders (customer_person_id);
create index order_events_customer on order_events (actor_person, order_id) where actor_role = 'customer';
create index representatives_party on representatives (party_id) where active;

-- The rows of people that are one human: those of one СНИЛС.
create view same_people as
    select id as person_id, id as same_id from people
    union all
    select a.id, b.id from people a join people b on b.snils = a.snils and b.id <> a.id where a.snils <> '';

-- The rows of people that are the human who is an engineer.
create view engineer_people as
    select e.id as engineer_id, p.id as person_id from engineers e join people p on p.snils = e.snils
    union
    select e.id, s.same_id from engineers e join same_people s on s.person_id = e.person_id;

-- The humans who are an order's customer: who created it, whose account it is, and who has acted for that account in it.
create view order_customers as
    select o.id as order_id, s.same_id as person_id from orders o join same_people s on s.person_id = o.customer_person_id
    union
    select o.id, s.same_id from orders o join parties p on p.id = o.customer_id join same_people s on s.person_id = p.person_id
    union
    select v.order_id, s.same_id from order_events v join same_people s on s.person_id = v.actor_person where v.actor_role = 'customer';

-- The humans who are an order's performer: the engineer, and whose signature or delivery stands for him under the signed contract.
create view order_performers as
    select o.id as order_id, e.person_id from orders o join engineer_people e on e.engineer_id = o.engineer_id
    union
    select o.id, s.same_id from orders o join order_events v on v.order_id = o.id join same_people s on s.person_id = v.actor_person
    where o.stage in ('prepayment', 'work', 'acceptance', 'registration', 'payment', 'completed') and v.actor_role = 'engineer'
      and (v.kind in ('submit-results', 'sign-act-alone', 'submit-final', 'send-act')
           or v.seq = (select max(c.seq) from order_events c where c.order_id = o.id and c.kind = 'send-contract'));

-- +goose Down
drop view order_performers, order_customers, engineer_people, same_people;
drop index representatives_party, order_events_customer, orders_customer_person;
