-- How people are tied to the two sides of an order. A tie is named in order.Tie; empty is none. Whoever ЕСИА names among an
-- organisation's people is employed there; its head and those whom the head admitted represent it.

-- name: EngineerTies :many
-- How engineers are tied to the customer of an order, and how a person is to them. Without engineers it is asked of the performer, and of
-- those who respond if they are wanted.
with asked as (
    select e.id, e.employer_id, false as performs from engineers e where e.id = any(@engineers::uuid[])
    union all
    select e.id, e.employer_id, true from orders o join engineers e on e.id = o.engineer_id
    where o.id = @order_id and cardinality(@engineers::uuid[]) = 0
    union all
    select e.id, e.employer_id, false from responses r join engineers e on e.id = r.engineer_id
    where r.order_id = @order_id and r.status = 'open' and @responders::boolean
),
me as (select s.same_id as id from same_people s where s.person_id = sqlc.narg('person')::uuid)
select a.id, a.performs, (case
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
    else '' end)::text as tie,
(case
    when exists (select from me m join engineer_people p on p.person_id = m.id where p.engineer_id = a.id) then 'person'
    when exists (select from me m join representatives r on r.person_id = m.id and r.active and (r.chief or r.as_customer or r.as_employer)
                 where r.party_id = a.employer_id) then 'represents'
    else '' end)::text as person
from asked a;

-- name: SenderTies :one
-- How a person is tied to the two sides of an order.
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
    else '' end)::text as performer
from orders o where o.id = @order_id;

-- name: ModeratorTied :one
-- Whether a moderator has a part in a decision on an engineer: he is the engineer, represents or is of his employer, or stands on the
-- customer's side of an order that the engineer performs.
with me as (select s.same_id as id from same_people s where s.person_id = @person),
parties as (
    select r.party_id as id from me m join representatives r on r.person_id = m.id and r.active
    union
    select e.employer_id from me m join engineer_people p on p.person_id = m.id join engineers e on e.id = p.engineer_id
)
select (exists (select from me m join engineer_people p on p.person_id = m.id where p.engineer_id = @engineer)
    or exists (select from parties q join engineers e on e.employer_id = q.id where e.id = @engineer)
    or exists (select from orders o where o.engineer_id = @engineer and not final_stage(o.stage) and (
        exists (select from parties q where q.id = o.customer_id)
        or exists (select from me m join order_customers c on c.person_id = m.id where c.order_id = o.id))))::boolean as tied;
