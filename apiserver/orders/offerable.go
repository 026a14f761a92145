package orders

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/db/sqlcgen"
)

// OfferableOrder is an order of the caller that awaits its engineer, or the reason why it cannot be
// offered to the engineer in question.
type OfferableOrder struct {
	ID       uuid.UUID   `json:"id" format:"uuid" doc:"Идентификатор"`
	Number   string      `json:"number" doc:"Номер"`
	Region   *wire.Coded `json:"region,omitempty" doc:"Субъект Российской Федерации"`
	WorkKind *wire.Coded `json:"workKind,omitempty" doc:"Вид кадастровых работ"`
	// Reason is a hint, like the actions of a card: the order itself decides.
	Reason string `json:"reason,omitempty" doc:"Почему этот заказ нельзя предложить инженеру; пусто, если можно"`
}

type offerableOutput struct {
	Body struct {
		Items []OfferableOrder `json:"items" nullable:"false" doc:"Не больше двадцати, новые сначала"`
	}
}

// offerableFound is the maximum number of orders in an answer.
const offerableFound = 20

func (a *Service) registerOfferable() {
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "list-offerable-orders", Method: http.MethodGet, Path: "/api/engineers/{engineer}/offerable-orders", Tags: []string{Tag},
		Summary: "Какие из моих заказов можно предложить этому кадастровому инженеру", Errors: []int{http.StatusNotFound},
	}, httpapi.Customers, a.offerableOrders, httpapi.Costs(limits.Search))
}

// offerableOrders asks each of the customer's orders in selection whether it would be offered to the
// engineer.
func (a *Service) offerableOrders(ctx context.Context, in *struct {
	Engineer uuid.UUID `path:"engineer" format:"uuid" doc:"Кадастровый инженер"`
},
) (*offerableOutput, error) {
	engineer, err := a.Store.EngineerEligibility(ctx, in.Engineer)
	if errors.Is(err, db.ErrNotFound) || err == nil && !engineer.Listed {
		return nil, problems.New(problems.EngineerNotListed)
	}
	if err != nil {
		return nil, fmt.Errorf("finding the engineer: %w", err)
	}
	ids, err := a.Store.OrdersInSelection(ctx, sqlcgen.OrdersInSelectionParams{Party: httpapi.SessionFrom(ctx).Party, Page: offerableFound})
	if err != nil {
		return nil, fmt.Errorf("finding the orders in selection: %w", err)
	}
	out := &offerableOutput{}
	out.Body.Items = []OfferableOrder{}
	for _, id := range ids {
		o, err := a.LoadVisible(ctx, id)
		if err != nil {
			return nil, err
		}
		var tied sides
		if err := a.Store.Batch(ctx, tied.queries(ctx, id, o.By, engineer.ID)...); err != nil {
			return nil, err
		}
		reason, err := o.refusalReason(engineer, tied.tiesOf(engineer.ID), a.Now().UTC())
		if err != nil {
			return nil, err
		}
		line := OfferableOrder{ID: id, Number: o.Row.Number, Reason: reason}
		if t := o.State.Terms; t != nil {
			line.Region, line.WorkKind = wire.RegionOf(t.Region), WorkKindOf(string(t.WorkKind))
		}
		out.Body.Items = append(out.Body.Items, line)
	}
	return out, nil
}
