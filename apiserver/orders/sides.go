package orders

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// sides are how the viewer of an order, and the engineers whom he sees in it, are tied to its sides. By them a card and a list offer only
// what the order will take.
type sides struct {
	// viewer has also the tie of the engineer who looks, or else of the performer.
	viewer order.Ties
	// engineers are those of the engineers asked for, and of those who respond if the customer looks.
	engineers map[uuid.UUID]order.Ties
}

// questions read the ties; without engineers those of the performer.
func (s *sides) questions(ctx context.Context, id uuid.UUID, by httpapi.Session, engineers ...uuid.UUID) []db.BatchFunc {
	s.engineers = map[uuid.UUID]order.Ties{}
	if by.Role == order.RoleEngineer {
		engineers = append(engineers, by.Party)
	}
	return []db.BatchFunc{
		func(q *sqlcgen.Queries) error {
			rows, err := q.EngineerTies(ctx, sqlcgen.EngineerTiesParams{
				OrderID: id, Engineers: append([]uuid.UUID{}, engineers...), Responders: by.Role == order.RoleCustomer, Person: by.Person,
			})
			if err != nil {
				return fmt.Errorf("reading the engineers' ties to the sides: %w", err)
			}
			for _, r := range rows {
				s.engineers[r.ID] = order.Ties{Engineer: order.Tie(r.Tie), ToEngineer: order.Tie(r.Person)}
				if r.Performs || (by.Role == order.RoleEngineer && r.ID == by.Party) {
					s.viewer.Engineer, s.viewer.ToEngineer = order.Tie(r.Tie), order.Tie(r.Person)
				}
			}
			return nil
		},
		func(q *sqlcgen.Queries) error {
			customer, performer := order.SidesAsked(by.Role)
			if !customer && !performer {
				return nil
			}
			row, err := q.SenderTies(ctx, sqlcgen.SenderTiesParams{OrderID: id, Person: by.Person, OfCustomer: customer, OfPerformer: performer})
			switch {
			case errors.Is(err, db.ErrNotFound):
				return nil
			case err != nil:
				return fmt.Errorf("reading the viewer's ties to the sides: %w", err)
			}
			s.viewer.ToCustomer, s.viewer.ToPerformer = order.Tie(row.Customer), order.Tie(row.Performer)
			return nil
		},
	}
}

// of are the ties by which a message of the viewer about the engineer is judged.
func (s *sides) of(engineer uuid.UUID) order.Ties {
	ties := s.viewer
	ties.Engineer, ties.ToEngineer = s.engineers[engineer].Engineer, s.engineers[engineer].ToEngineer
	return ties
}
