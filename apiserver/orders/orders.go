// Package orders shows orders: to each as much as he may see, with what he may do.
//
// It never decides whether an order may do something: that is package order, inside the workflow.
package orders

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// Dependencies are what the service needs; all are required.
type Dependencies struct {
	HTTP  *httpapi.Server
	Store *db.Store
	Now   func() time.Time
	UI    wire.TemporalUI
}

// Service shows orders, to each as much as he may see.
type Service struct{ Dependencies }

// New makes the service.
func New(d Dependencies) *Service {
	describe(d.HTTP)
	return &Service{d}
}

// describe has the description of the API show the parts of orders that messages have as their cards show them.
func describe(s *httpapi.Server) {
	for kept, shown := range map[reflect.Type]reflect.Type{
		reflect.TypeFor[order.FileRef](): reflect.TypeFor[FileRef](),
		reflect.TypeFor[order.Invoice](): reflect.TypeFor[Invoice](),
		reflect.TypeFor[order.Terms]():   reflect.TypeFor[Terms](),
		reflect.TypeFor[order.Form]():    reflect.TypeFor[Form](),
	} {
		s.DescribeAs(kept, shown)
	}
}

// Register adds the operations that show an order.
func (a *Service) Register() {
	a.registerCard()
	a.registerCardPages()
	a.registerCandidates()
	a.registerHistory()
}

// Tag groups the operations on orders in the description of the API.
const Tag = "Заказы"

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

// Visible is an order with the rights of the one who looks.
type Visible struct {
	Row   sqlcgen.OrderRow
	State order.State
	sight sight
	By    httpapi.Session
}

// offered reports whether the order is offered to the engineer who looks.
func (o *Visible) offered() bool {
	return o.By.Role == order.RoleEngineer && o.State.Offer != nil && o.State.Offer.Engineer == o.By.Party.String()
}

// LoadVisible reads an order for the caller. One that he has no right to see does not exist for him.
func (a *Service) LoadVisible(ctx context.Context, id uuid.UUID) (Visible, error) {
	return lookAt(ctx, a.Store.Queries, id)
}

// lookAt is look with queries of the caller's choice.
func lookAt(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID) (Visible, error) {
	httpapi.RequestFrom(ctx).Order = id
	row, err := q.Order(ctx, id)
	if err != nil {
		return Visible{}, unreadable(err)
	}
	o := Visible{Row: row, By: httpapi.SessionFrom(ctx)}
	o.sight, err = sightOf(ctx, q, o.By, sqlcgen.OrderPartiesRow{
		ID: row.ID, Stage: row.Stage, CustomerID: row.CustomerID, CustomerAccount: row.CustomerAccount, EngineerID: row.EngineerID, EmployerID: row.EmployerID,
	})
	if err != nil {
		return Visible{}, err
	}
	o.By = inOrder(o.By, row.CustomerID)
	if err := json.Unmarshal(row.State, &o.State); err != nil {
		return Visible{}, fmt.Errorf("reading the state of an order: %w", err)
	}
	return o, nil
}

// inOrder is a caller who sees the order, as the order knows him: a customer whose records were merged acts in an order of the merged
// account as that account.
func inOrder(c httpapi.Session, customer uuid.UUID) httpapi.Session {
	if c.Role == order.RoleCustomer {
		c.Party = customer
	}
	return c
}

// RequireVisible refuses whoever has no right to see an order, as look does, and reads no more than that takes and what part the caller
// has in it. It gives the caller as the order knows him.
func RequireVisible(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID) (httpapi.Session, order.Parties, error) {
	by := httpapi.SessionFrom(ctx)
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
		return problems.New(problems.OrderNotFound)
	}
	return fmt.Errorf("reading an order: %w", err)
}

// sightOf is how much somebody sees; who sees nothing is refused.
func sightOf(ctx context.Context, q *sqlcgen.Queries, by httpapi.Session, o sqlcgen.OrderPartiesRow) (sight, error) {
	s, err := sightInRole(ctx, q, by, o)
	if err == nil && s == sightNone {
		err = problems.New(problems.OrderNotFound)
	}
	return s, err
}

func sightInRole(ctx context.Context, q *sqlcgen.Queries, by httpapi.Session, o sqlcgen.OrderPartiesRow) (sight, error) {
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

func engineerSight(ctx context.Context, q *sqlcgen.Queries, by httpapi.Session, o sqlcgen.OrderPartiesRow) (sight, error) {
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

// JoinedAt is the place in the order's history from which on its performer takes part: what the customer settled with others
// before is none of his business, nor of his employer's.
func JoinedAt(ctx context.Context, q *sqlcgen.Queries, o *Visible) (int32, error) {
	if o.sight != sightParty || o.By.Role == order.RoleCustomer || o.By.Role == order.RoleModerator {
		return 0, nil
	}
	seq, err := q.JoinedAt(ctx, o.Row.ID)
	if err != nil {
		return 0, fmt.Errorf("looking for when the performer was chosen: %w", err)
	}
	return seq, nil
}

// published are the messages that make conditions public.
var published = []string{string(order.Publish), string(order.Amend), string(order.Cancel)}
