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

// sides contains the ties of an order's viewer, and of the engineers whom he sees, to the sides of
// the order. With them a card or a list offers only actions that the order would accept.
type sides struct {
	// viewer also contains the tie of the viewing engineer, or else of the performer.
	viewer order.Ties
	// engineers contains the ties of the requested engineers, and for the customer also of the
	// responders.
	engineers map[uuid.UUID]order.Ties
}

// queries returns the queries for the ties; without engineers, for those of the performer.
func (s *sides) queries(ctx context.Context, id uuid.UUID, by httpapi.Session, engineers ...uuid.UUID) []db.BatchFunc {
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
			customer, performer := order.SidesToCheck(by.Role)
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

// tiesOf returns the ties that apply to a message of the viewer about the engineer.
func (s *sides) tiesOf(engineer uuid.UUID) order.Ties {
	ties := s.viewer
	ties.Engineer, ties.ToEngineer = s.engineers[engineer].Engineer, s.engineers[engineer].ToEngineer
	return ties
}
