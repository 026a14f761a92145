package activities

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// ties ask how the people of the message are tied to the sides of the order, as far as its kind makes a difference. They are read as the
// order is before the message.
func (r *recording) ties() []func(context.Context, *sqlcgen.Queries) error {
	if r.m.Kind == order.Create {
		return nil
	}
	var asked []func(context.Context, *sqlcgen.Queries) error
	concerned := optionalID(order.Concerns(&r.state, r.m))
	switch r.m.Actor.Role {
	case order.RoleCustomer, order.RoleModerator:
		if concerned != nil || r.m.Kind == order.SignContract {
			asked = append(asked, r.engineerTies(concerned))
		}
	case order.RoleEngineer:
		return append(asked, r.engineerTies(concerned))
	case order.RoleEmployer, order.RoleOperator:
	default: // the platform and the registry are nobody
		return nil
	}
	if person := optionalID(r.m.Actor.Person); person != nil {
		asked = append(asked, r.senderTies(*person))
	}
	return asked
}

// engineerTies reads those of the engineer whom the message concerns, or else of the performer.
func (r *recording) engineerTies(concerned *uuid.UUID) func(context.Context, *sqlcgen.Queries) error {
	return func(ctx context.Context, q *sqlcgen.Queries) error {
		params := sqlcgen.EngineerTiesParams{OrderID: r.order, Engineers: []uuid.UUID{}, Person: optionalID(r.m.Actor.Person)}
		if concerned != nil {
			params.Engineers = append(params.Engineers, *concerned)
		}
		rows, err := q.EngineerTies(ctx, params)
		if err != nil {
			return fmt.Errorf("reading an engineer's ties to the sides: %w", err)
		}
		for _, row := range rows {
			r.facts.Ties.Engineer, r.facts.Ties.ToEngineer = order.Tie(row.Tie), order.Tie(row.Person)
		}
		return nil
	}
}

func (r *recording) senderTies(person uuid.UUID) func(context.Context, *sqlcgen.Queries) error {
	return func(ctx context.Context, q *sqlcgen.Queries) error {
		row, err := q.SenderTies(ctx, sqlcgen.SenderTiesParams{OrderID: r.order, Person: person})
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
