package orders

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"epkr/activities/internal/optional"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// tieQueries returns the queries for the ties between the people of the message and the sides of
// the order. It asks only for those that the rules for the message's kind need. The ties are read
// as they were before the message.
func (r *recording) tieQueries() []func(context.Context, *sqlcgen.Queries) error {
	if r.m.Kind == order.Create {
		return nil
	}
	var queries []func(context.Context, *sqlcgen.Queries) error
	concerned := optional.ID(order.EngineerOf(&r.state, r.m))
	person := optional.ID(r.m.Actor.Person)
	switch r.m.Actor.Role {
	case order.RoleEngineer:
		queries = append(queries, r.engineerTies(concerned, nil))
	case order.RoleCustomer, order.RoleModerator, order.RoleEmployer:
		if concerned != nil || r.m.Kind == order.SignContract {
			queries = append(queries, r.engineerTies(concerned, person))
		}
	}
	customer, performer := order.SidesToCheck(r.m.Actor.Role)
	performer = performer && r.state.Performer != nil // without a performer there are no ties to one
	if person != nil && (customer || performer) {
		queries = append(queries, r.senderTies(sqlcgen.SenderTiesParams{OrderID: r.order, Person: *person, OfCustomer: customer, OfPerformer: performer}))
	}
	return queries
}

// engineerTies reads the ties of the engineer to the sides, and those of the person to the
// engineer. The engineer is the one whom the message concerns, or else the performer.
func (r *recording) engineerTies(engineer, person *uuid.UUID) func(context.Context, *sqlcgen.Queries) error {
	if engineer == nil && r.state.Performer != nil {
		engineer = optional.ID(r.state.Performer.ID)
	}
	return func(ctx context.Context, q *sqlcgen.Queries) error {
		if engineer == nil {
			return nil
		}
		row, err := q.EngineerTie(ctx, sqlcgen.EngineerTieParams{OrderID: r.order, Engineer: *engineer, Person: person})
		if err != nil {
			return fmt.Errorf("reading an engineer's ties to the sides: %w", err)
		}
		r.facts.Ties.Engineer, r.facts.Ties.ToEngineer = order.Tie(row.Tie), order.Tie(row.Person)
		return nil
	}
}

func (r *recording) senderTies(params sqlcgen.SenderTiesParams) func(context.Context, *sqlcgen.Queries) error {
	return func(ctx context.Context, q *sqlcgen.Queries) error {
		row, err := q.SenderTies(ctx, params)
		switch {
		case errors.Is(err, db.ErrNotFound): // there is no such order yet
			return nil
		case err != nil:
			return fmt.Errorf("reading the sender's ties to the sides: %w", err)
		}
		r.facts.Ties.ToCustomer, r.facts.Ties.ToPerformer = order.Tie(row.Customer), order.Tie(row.Performer)
		return nil
	}
}
