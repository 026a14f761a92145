// Package orders shows orders to each viewer according to his rights, with the actions open to him.
//
// It never decides whether an order may do something: package order does, inside the workflow.
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

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP  *httpapi.Server
	Store *db.Store
	Now   func() time.Time
	UI    wire.TemporalUI
}

// Service shows orders to each viewer according to his rights.
type Service struct{ Dependencies }

// New returns the service.
func New(d Dependencies) *Service {
	aliasSchemas(d.HTTP)
	return &Service{d}
}

// aliasSchemas makes the API description show the parts of orders in messages by the types of the
// cards.
func aliasSchemas(s *httpapi.Server) {
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
	a.registerOfferable()
	a.registerHistory()
}

// Tag groups the operations on orders in the API description.
const Tag = "Заказы"

// OrderPath is the path parameter that identifies an order.
type OrderPath struct {
	Order uuid.UUID `path:"order" format:"uuid" doc:"Идентификатор заказа"`
}

// visibility is how much of an order a viewer sees.
type visibility int

const (
	visibilityNone visibility = iota
	// visibilityOpen shows the published conditions, and otherwise only what concerns the viewer
	// himself. It is for engineers who may take the order, and for the employers of its candidates.
	visibilityOpen
	// visibilityParty shows the order as to one of its parties. An engineer whom the employer proposes
	// in place of the performer reads it as the performer does, before he agrees.
	visibilityParty
)

// Visible is an order with the rights of its viewer.
type Visible struct {
	Row        sqlcgen.OrderRow
	State      order.State
	visibility visibility
	By         httpapi.Session
}

// Form returns the text of the published conditions; an empty one if there is none.
func (o *Visible) Form() (form order.Form, err error) {
	return form, unmarshalText(o.Row.Form, &form)
}

// offered reports whether the order is offered to the viewing engineer.
func (o *Visible) offered() bool {
	return o.By.Role == order.RoleEngineer && o.State.Offer != nil && o.State.Offer.Engineer == o.By.Party.String()
}

// LoadVisible reads an order for the caller. An order that he may not see is reported as not found.
func (a *Service) LoadVisible(ctx context.Context, id uuid.UUID) (Visible, error) {
	return loadVisible(ctx, a.Store.Queries, id)
}

// loadVisible is LoadVisible with the caller's queries.
func loadVisible(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID) (Visible, error) {
	httpapi.RequestFrom(ctx).Order = id
	row, err := q.Order(ctx, id)
	if err != nil {
		return Visible{}, readError(err)
	}
	o := Visible{Row: row, By: httpapi.SessionFrom(ctx)}
	o.visibility, err = visibilityOf(ctx, q, o.By, sqlcgen.OrderPartiesRow{
		ID: row.ID, Stage: row.Stage, CustomerID: row.CustomerID, CustomerAccount: row.CustomerAccount, EngineerID: row.EngineerID, EmployerID: row.EmployerID,
		SubstituteID: row.SubstituteID,
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

// inOrder returns the caller as the order identifies him: a customer whose records were merged acts
// in an order of the merged account as that account.
func inOrder(c httpapi.Session, customer uuid.UUID) httpapi.Session {
	if c.Role == order.RoleCustomer {
		c.Party = customer
	}
	return c
}

// RequireVisible refuses a caller who may not see an order, as LoadVisible does, but reads only
// what that check needs and the caller's part in the order. It returns the caller as the order
// identifies him.
func RequireVisible(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID) (httpapi.Session, order.Parties, error) {
	by := httpapi.SessionFrom(ctx)
	o, err := q.OrderParties(ctx, id)
	if err != nil {
		return by, order.Parties{}, readError(err)
	}
	p := order.Parties{Customer: o.CustomerID.String()}
	if by.Role == order.RoleEngineer {
		has, err := q.EngineerInOrder(ctx, sqlcgen.EngineerInOrderParams{ID: id, Engineer: by.Party})
		if err != nil {
			return by, p, readError(err)
		}
		p.Responded, p.Offered = has.Responded, has.Offered
	}
	if o.EngineerID != nil {
		p.Performer = o.EngineerID.String()
	}
	if o.EmployerID != nil {
		p.Employer = o.EmployerID.String()
	}
	if o.SubstituteID != nil {
		p.Substitute = o.SubstituteID.String()
	}
	// An engineer to whom the order was offered learns the result of his answer even if he no
	// longer sees the order.
	if _, err = visibilityOf(ctx, q, by, o); err != nil && !p.Offered {
		return by, p, err
	}
	return inOrder(by, o.CustomerID), p, nil
}

func readError(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return problems.New(problems.OrderNotFound)
	}
	return fmt.Errorf("reading an order: %w", err)
}

// visibilityOf returns how much a viewer sees; a viewer who sees nothing gets the problem
// OrderNotFound.
func visibilityOf(ctx context.Context, q *sqlcgen.Queries, by httpapi.Session, o sqlcgen.OrderPartiesRow) (visibility, error) {
	s, err := visibilityInRole(ctx, q, by, o)
	if err == nil && s == visibilityNone {
		err = problems.New(problems.OrderNotFound)
	}
	return s, err
}

func visibilityInRole(ctx context.Context, q *sqlcgen.Queries, by httpapi.Session, o sqlcgen.OrderPartiesRow) (visibility, error) {
	switch by.Role {
	case order.RoleCustomer:
		return visibleIf(o.CustomerAccount == by.Party || o.CustomerID == by.Party, visibilityParty), nil
	case order.RoleModerator:
		return visibleIf(o.Stage != string(order.Draft), visibilityParty), nil
	case order.RoleEngineer:
		return engineerVisibility(ctx, q, by, o)
	case order.RoleEmployer:
		if equals(o.EmployerID, by.Party) {
			return visibilityParty, nil
		}
		employs, err := q.EmploysCandidate(ctx, sqlcgen.EmploysCandidateParams{EmployerID: &by.Party, OrderID: o.ID})
		if err != nil {
			return visibilityNone, fmt.Errorf("finding the employer's engineers in an order: %w", err)
		}
		return visibleIf(employs, visibilityOpen), nil
	}
	return visibilityNone, nil
}

func engineerVisibility(ctx context.Context, q *sqlcgen.Queries, by httpapi.Session, o sqlcgen.OrderPartiesRow) (visibility, error) {
	switch stage := order.Stage(o.Stage); {
	case equals(o.EngineerID, by.Party), equals(o.SubstituteID, by.Party):
		return visibilityParty, nil
	case stage == order.Selection:
		return visibilityOpen, nil
	case stage == order.Draft:
		return visibilityNone, nil
	}
	tookPart, err := q.TookPart(ctx, sqlcgen.TookPartParams{OrderID: o.ID, EngineerID: by.Party})
	if err != nil {
		return visibilityNone, fmt.Errorf("finding whether an engineer took part: %w", err)
	}
	return visibleIf(tookPart, visibilityOpen), nil
}

// equals reports whether an optional id equals this one.
func equals(id *uuid.UUID, this uuid.UUID) bool { return id != nil && *id == this }

func visibleIf(condition bool, s visibility) visibility {
	if condition {
		return s
	}
	return visibilityNone
}

// JoinedAt returns the place in the order's history at which its performer joined. He and his
// employer do not see what the customer exchanged with others before.
func JoinedAt(ctx context.Context, q *sqlcgen.Queries, o *Visible) (int32, error) {
	if o.visibility != visibilityParty || o.By.Role == order.RoleCustomer || o.By.Role == order.RoleModerator {
		return 0, nil
	}
	seq, err := q.JoinedAt(ctx, o.Row.ID)
	if err != nil {
		return 0, fmt.Errorf("finding when the performer was chosen: %w", err)
	}
	return seq, nil
}

// published are the messages that make conditions public.
var published = []string{string(order.Publish), string(order.Amend), string(order.Cancel)}
