-- How people are tied to the two sides of an order. A tie is named in order.Tie; empty is none.

-- name: EngineerTies :many
-- How engineers are tied to the customer of an order, and how a person is to them. Without engineers it is asked of the performer, and of
-- those who respond if they are wanted.
with asked as (
    select e.id, false as performs from engineers e where e.id = any(@engineers::uuid[])
    union all
    select o.engineer_id, true from orders o where o.id = @order_id and o.engineer_id is not null and cardinality(@engineers::uuid[]) = 0
    union all
    select r.engineer_id, false from responses r where r.order_id = @order_id and r.status = 'open' and @responders::boolean
)
select a.id, a.performs, engineer_tie(@order_id, a.id)::text as tie,
       coalesce(tie_to_engineer(sqlc.narg('person')::uuid, a.id), '')::text as person
from asked a;

-- name: SenderTies :one
-- How a person is tied to the two sides of an order.
select (case when m.own && order_customers(o.id) then 'person' else tie_to_party(m.own, o.customer_id) end)::text as customer,
       (case when m.own && order_performers(o.id) then 'person'
             when o.employer_id is null then '' else tie_to_party(m.own, o.employer_id) end)::text as performer
from orders o, (select same_people(array[@person::uuid])::uuid[] as own) m where o.id = @order_id;

-- name: ModeratorTied :one
-- Whether a moderator has a part in a decision on an engineer: he is the engineer, represents or is of his employer, or stands on the
-- customer's side of an order that the engineer performs.
select (m.own && engineer_people(@engineer)
    or exists (select from engineers e where e.id = @engineer and e.employer_id is not null and tie_to_party(m.own, e.employer_id) <> '')
    or exists (select from orders o where o.engineer_id = @engineer and not final_stage(o.stage)
               and (m.own && order_customers(o.id) or tie_to_party(m.own, o.customer_id) <> '')))::boolean as tied
from (select same_people(array[@person::uuid])::uuid[] as own) m;
