-- How people are tied to the two sides of an order. A tie is named in order.Tie; empty is none. Whoever ЕСИА names among an
-- organisation's people is employed there; its head and those whom the head admitted represent it.

-- name: EngineerTies :many
-- How engineers are tied to the customer of an order; those who are not are left out. Without engineers it is asked of the performer.
with asked as (
    select e.id, e.employer_id from engineers e where e.id = any(@engineers::uuid[])
    union
    select e.id, e.employer_id from orders o join engineers e on e.id = o.engineer_id
    where o.id = @order_id and cardinality(@engineers::uuid[]) = 0
)
select a.id, (case
    when exists (select from order_customers c join engineer_people p on p.person_id = c.person_id
                 where c.order_id = @order_id and p.engineer_id = a.id) then 'person'
    when exists (select from orders o join representatives r on r.party_id = o.customer_id and r.active and (r.chief or r.as_customer or r.as_employer)
                 join engineer_people p on p.person_id = r.person_id where o.id = @order_id and p.engineer_id = a.id) then 'represents'
    when exists (select from orders o where o.id = @order_id and o.customer_id = a.employer_id)
      or exists (select from orders o join representatives r on r.party_id = o.customer_id and r.active
                 join engineer_people p on p.person_id = r.person_id where o.id = @order_id and p.engineer_id = a.id) then 'employed'
    when exists (select from order_customers c
                 join representatives r on r.person_id = c.person_id and r.active and (r.chief or r.as_customer or r.as_employer)
                 where c.order_id = @order_id and r.party_id = a.employer_id) then 'employer'
    else '' end)::text as tie
from asked a;

-- name: SenderTies :one
-- How a person is tied to the two sides of an order, and to an engineer whom he speaks of.
with me as (select s.same_id as id from same_people s where s.person_id = @person),
employers as (select e.employer_id as id from me join engineer_people p on p.person_id = me.id join engineers e on e.id = p.engineer_id),
members as (select r.party_id as id, r.chief or r.as_customer or r.as_employer as acts
            from me join representatives r on r.person_id = me.id and r.active)
select (case
    when exists (select from me join order_customers c on c.person_id = me.id where c.order_id = o.id) then 'person'
    when exists (select from members m where m.id = o.customer_id and m.acts) then 'represents'
    when exists (select from employers e where e.id = o.customer_id) or exists (select from members m where m.id = o.customer_id) then 'employed'
    else '' end)::text as customer,
(case
    when exists (select from me join order_performers p on p.person_id = me.id where p.order_id = o.id) then 'person'
    when exists (select from members m where m.id = o.employer_id and m.acts) then 'represents'
    when exists (select from employers e where e.id = o.employer_id) or exists (select from members m where m.id = o.employer_id) then 'employed'
    else '' end)::text as performer,
(case
    when exists (select from me join engineer_people p on p.person_id = me.id where p.engineer_id = sqlc.narg('engineer')::uuid) then 'person'
    when exists (select from members m join engineers e on e.employer_id = m.id where m.acts and e.id = sqlc.narg('engineer')::uuid) then 'represents'
    else '' end)::text as engineer
from orders o where o.id = @order_id;
