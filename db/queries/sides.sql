-- How people are tied to the two sides of an order. A tie is named in order.Tie; empty is none.

-- name: EngineerTie :one
-- How an engineer is tied to the customer of an order, and how a person is to the engineer.
select t.tie::text as tie, t.persons_tie::text as person from engineer_ties(@order_id, @engineer, sqlc.narg('person')) t;

-- name: EngineerTies :many
-- The same of several engineers: of those given, or else of the performer, and of those who respond if they are wanted.
with asked as (
    select e.id, false as performs from engineers e where e.id = any(@engineers::uuid[])
    union all
    select o.engineer_id, true from orders o where o.id = @order_id and o.engineer_id is not null and cardinality(@engineers::uuid[]) = 0
    union all
    select r.engineer_id, false from responses r where r.order_id = @order_id and r.status = 'open' and @responders::boolean
)
select a.id, a.performs, t.tie::text as tie, t.persons_tie::text as person
from asked a, engineer_ties(@order_id, a.id, @person) t;

-- name: SenderTies :one
-- How a person is tied to the sides of an order that are asked about. Nobody is tied to a performer that there is not.
select (case when @of_customer::boolean then tie_to_customer(@person, o.id) else '' end)::text as customer,
       (case when @of_performer::boolean and o.engineer_id is not null then tie_to_performer(@person, o.id) else '' end)::text as performer
from orders o where o.id = @order_id;

-- name: ModeratorTied :one
-- Whether a moderator has a part in a decision on an engineer: he is the engineer, represents or is of his employer, or stands on the
-- customer's side of an order that the engineer performs.
select (exists (
    select from engineers e where e.id = @engineer
        and (same_people(array[@person::uuid]) && engineer_people(e.id)
             or e.employer_id is not null and tie_to_party(same_people(array[@person::uuid]), e.employer_id) <> '')
) or exists (
    select from orders o where o.engineer_id = @engineer and not final_stage(o.stage) and tie_to_customer(@person, o.id) <> ''
))::boolean as tied;
