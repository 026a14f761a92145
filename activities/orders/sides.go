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

// ties ask how the people of the message are tied to the sides of the order, as far as its kind makes a difference. They are read as the
// order is before the message.
func (r *recording) ties() []func(context.Context, *sqlcgen.Queries) error {
	if r.m.Kind == order.Create {
		return nil
	}
	var asked []func(context.Context, *sqlcgen.Queries) error
	concerned := optional.ID(order.Concerns(&r.state, r.m))
	person := optional.ID(r.m.Actor.Person)
	switch r.m.Actor.Role {
	case order.RoleEngineer:
		asked = append(asked, r.engineerTies(concerned, nil))
	case order.RoleCustomer, order.RoleModerator:
		if concerned != nil || r.m.Kind == order.SignContract {
			asked = append(asked, r.engineerTies(concerned, person))
		}
	}
	customer, performer := order.SidesAsked(r.m.Actor.Role)
	performer = performer && r.state.Performer != nil // nobody is tied to one that there is not
	if person != nil && (customer || performer) {
		asked = append(asked, r.senderTies(sqlcgen.SenderTiesParams{OrderID: r.order, Person: *person, OfCustomer: customer, OfPerformer: performer}))
	}
	return asked
}

// engineerTies reads those of the engineer whom the message concerns, or else of the performer, and those of the person to him.
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

func (r *recording) senderTies(asked sqlcgen.SenderTiesParams) func(context.Context, *sqlcgen.Queries) error {
	return func(ctx context.Context, q *sqlcgen.Queries) error {
		row, err := q.SenderTies(ctx, asked)
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
