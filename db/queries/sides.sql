-- Queries for the ties between people and the two sides of an order. Values are those of order.Tie;
-- empty means none.

-- name: EngineerTie :one
-- EngineerTie returns how an engineer is tied to the customer of an order, and how a person is tied
-- to the engineer.
select t.tie::text as tie, t.persons_tie::text as person
from engineer_ties(@order_id, @engineer, sqlc.narg('person')) as t;

-- name: EngineerTies :many
-- EngineerTies returns the same for several engineers: those given, or else the performer, and the
-- responders if @responders is set.
with
  asked as (
    select e.id, false as performs from engineers as e where e.id = any (@engineers::uuid[])
    union all
    select o.engineer_id, true
    from orders as o
    where o.id = @order_id and o.engineer_id is not null and cardinality(@engineers::uuid[]) = 0
    union all
    select r.engineer_id, false
    from responses as r
    where r.order_id = @order_id and r.status = 'open' and @responders::boolean
  )
select a.id, a.performs, t.tie::text as tie, t.persons_tie::text as person
from
  asked as a,
  engineer_ties(@order_id, a.id, @person) as t;

-- name: SenderTies :one
-- SenderTies returns how a person is tied to the requested sides of an order. Without a performer
-- there is no tie to him.
select
  (
    case
      when @of_customer::boolean then tie_to_customer(@person, o.id)
      else ''
    end
  )::text as customer,
  (
    case
      when @of_performer::boolean
      and o.engineer_id is not null then tie_to_performer(@person, o.id)
      else ''
    end
  )::text as performer
from orders as o
where o.id = @order_id;

-- name: ModeratorTied :one
-- ModeratorTied reports whether a moderator has an interest in a decision on an engineer: he is the
-- engineer, represents or belongs to his employer, or is on the customer's side of an order that
-- the engineer performs. In a decision on something of one order, such as a review, he also has an
-- interest if he is on the customer's side of that order, whatever has become of it.
select
  (
    exists (
      select
      from engineers as e
      where
        e.id = @engineer
        and (
          same_people(array[@person::uuid]) && engineer_people(e.id)
          or e.employer_id is not null
          and tie_to_party(same_people(array[@person::uuid]), e.employer_id) != ''
        )
    )
    or exists (
      select
      from orders as o
      where
        o.engineer_id = @engineer
        and not final_stage(o.stage)
        and tie_to_customer(@person, o.id) != ''
    )
    or sqlc.narg('order_id')::uuid is not null
    and tie_to_customer(@person, sqlc.narg('order_id')) != ''
  )::boolean as tied;
