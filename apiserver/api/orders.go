package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// orderDependencies are what the service needs; all are required.
type orderDependencies struct {
	HTTP  *Server
	Store *db.Store
	Now   func() time.Time
	UI    TemporalUI
}

// orderService shows orders, to each as much as he may see.
type orderService struct{ orderDependencies }

// newOrderService makes the service.
func newOrderService(d orderDependencies) *orderService { return &orderService{d} }

// Register adds the operations that show an order.
func (a *orderService) Register() {
	a.registerCard()
	a.registerCardPages()
	a.registerCandidates()
	a.registerHistory()
}

const orderTag = "Заказы"

// OrderPath is the part of every address that names an order.
type OrderPath struct {
	Order uuid.UUID `path:"order" format:"uuid" doc:"Идентификатор заказа"`
}

// sight is how much of an order somebody sees.
type sight int

const (
	sightNone sight = iota
	// sightOpen shows the published conditions, and of everything else what concerns the viewer himself: to engineers who may
	// take the order, and to the employers of those who are about to.
	sightOpen
	// sightParty shows the order as to one of its parties.
	sightParty
)

// seenOrder is an order with the rights of the one who looks.
type seenOrder struct {
	row   sqlcgen.OrderRow
	state order.State
	sight sight
	by    session
}

// offered reports whether the order is offered to the engineer who looks.
func (o *seenOrder) offered() bool {
	return o.by.Role == order.RoleEngineer && o.state.Offer != nil && o.state.Offer.Engineer == o.by.Party.String()
}

// look reads an order for the caller. One that he has no right to see does not exist for him.
func (a *orderService) look(ctx context.Context, id uuid.UUID) (seenOrder, error) {
	return lookAt(ctx, a.Store.Queries, id)
}

// lookAt is look with queries of the caller's choice.
func lookAt(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID) (seenOrder, error) {
	requestFrom(ctx).order = id
	row, err := q.Order(ctx, id)
	if err != nil {
		return seenOrder{}, unreadable(err)
	}
	o := seenOrder{row: row, by: sessionFrom(ctx)}
	o.sight, err = sightOf(ctx, q, o.by, sqlcgen.OrderPartiesRow{
		ID: row.ID, Stage: row.Stage, CustomerID: row.CustomerID, CustomerAccount: row.CustomerAccount, EngineerID: row.EngineerID, EmployerID: row.EmployerID,
	})
	if err != nil {
		return seenOrder{}, err
	}
	o.by = inOrder(o.by, row.CustomerID)
	if err := json.Unmarshal(row.State, &o.state); err != nil {
		return seenOrder{}, fmt.Errorf("reading the state of an order: %w", err)
	}
	return o, nil
}

// inOrder is a caller who sees the order, as the order knows him: a customer whose records were merged acts in an order of the merged
// account as that account.
func inOrder(c session, customer uuid.UUID) session {
	if c.Role == order.RoleCustomer {
		c.Party = customer
	}
	return c
}

// lookAtParties refuses whoever has no right to see an order, as look does, and reads no more than that takes and what part the caller
// has in it. It gives the caller as the order knows him.
func lookAtParties(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID) (session, order.Parties, error) {
	by := sessionFrom(ctx)
	o, err := q.OrderParties(ctx, id)
	if err != nil {
		return by, order.Parties{}, unreadable(err)
	}
	p := order.Parties{Customer: o.CustomerID.String()}
	if by.Role == order.RoleEngineer {
		has, err := q.EngineerInOrder(ctx, sqlcgen.EngineerInOrderParams{ID: id, Engineer: by.Party})
		if err != nil {
			return by, p, unreadable(err)
		}
		p.Responded, p.Offered = has.Responded, has.Offered
	}
	if o.EngineerID != nil {
		p.Performer = o.EngineerID.String()
	}
	if o.EmployerID != nil {
		p.Employer = o.EmployerID.String()
	}
	// Whoever was offered the order learns what became of his answer also where he sees the order no more.
	if _, err = sightOf(ctx, q, by, o); err != nil && !p.Offered {
		return by, p, err
	}
	return inOrder(by, o.CustomerID), p, nil
}

func unreadable(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return problem(codeOrderNotFound)
	}
	return fmt.Errorf("reading an order: %w", err)
}

// sightOf is how much somebody sees; who sees nothing is refused.
func sightOf(ctx context.Context, q *sqlcgen.Queries, by session, o sqlcgen.OrderPartiesRow) (sight, error) {
	s, err := sightInRole(ctx, q, by, o)
	if err == nil && s == sightNone {
		err = problem(codeOrderNotFound)
	}
	return s, err
}

func sightInRole(ctx context.Context, q *sqlcgen.Queries, by session, o sqlcgen.OrderPartiesRow) (sight, error) {
	switch by.Role {
	case order.RoleCustomer:
		return when(o.CustomerAccount == by.Party || o.CustomerID == by.Party, sightParty), nil
	case order.RoleModerator:
		return when(o.Stage != string(order.Draft), sightParty), nil
	case order.RoleEngineer:
		return engineerSight(ctx, q, by, o)
	case order.RoleEmployer:
		if is(o.EmployerID, by.Party) {
			return sightParty, nil
		}
		employs, err := q.EmploysCandidate(ctx, sqlcgen.EmploysCandidateParams{EmployerID: &by.Party, OrderID: o.ID})
		if err != nil {
			return sightNone, fmt.Errorf("looking for the employer's engineers in an order: %w", err)
		}
		return when(employs, sightOpen), nil
	}
	return sightNone, nil
}

func engineerSight(ctx context.Context, q *sqlcgen.Queries, by session, o sqlcgen.OrderPartiesRow) (sight, error) {
	switch stage := order.Stage(o.Stage); {
	case is(o.EngineerID, by.Party):
		return sightParty, nil
	case stage == order.Selection:
		return sightOpen, nil
	case stage == order.Draft:
		return sightNone, nil
	}
	responded, err := q.HasResponded(ctx, sqlcgen.HasRespondedParams{OrderID: o.ID, EngineerID: by.Party})
	if err != nil {
		return sightNone, fmt.Errorf("looking for a response: %w", err)
	}
	return when(responded, sightOpen), nil
}

// is says whether an optional id is this one.
func is(id *uuid.UUID, this uuid.UUID) bool { return id != nil && *id == this }

func when(holds bool, s sight) sight {
	if holds {
		return s
	}
	return sightNone
}

// joined is the place in the order's history from which on its performer takes part: what the customer settled with others
// before is none of his business, nor of his employer's.
func joined(ctx context.Context, q *sqlcgen.Queries, o *seenOrder) (int32, error) {
	if o.sight != sightParty || o.by.Role == order.RoleCustomer || o.by.Role == order.RoleModerator {
		return 0, nil
	}
	seq, err := q.JoinedAt(ctx, o.row.ID)
	if err != nil {
		return 0, fmt.Errorf("looking for when the performer was chosen: %w", err)
	}
	return seq, nil
}

// published are the messages that make conditions public.
var published = []string{string(order.Publish), string(order.Amend), string(order.Cancel)}
