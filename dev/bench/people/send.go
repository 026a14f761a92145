package people

import (
	"context"

	"github.com/google/uuid"

	"epkr/dev/browser"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// Create makes a draft.
func (p Person) Create(ctx context.Context) (uuid.UUID, error) {
	key := uuid.NewString()
	return workflowapi.NewOrderID(p.Actor, key), p.Send(ctx, "/api/orders", key, nil, nil)
}

// Publish makes an order that engineers see.
func (p Person) Publish(ctx context.Context) (uuid.UUID, error) {
	id, err := p.Create(ctx)
	if err != nil {
		return id, err
	}
	price := order.Kopecks(5_000_000)
	terms := order.Terms{Region: Region, WorkKind: "parcel-formation", TermDays: 30, Price: &price}
	form := order.Form{Address: "Московская область, Химки, улица Заречная, 1", Description: "Участок в СНТ «Заречье», границы не установлены."}
	return id, p.Tell(ctx, id, order.Publish, terms, form)
}

// Tell sends an order a message and returns when it has applied it. A refusal is an error.
func (p Person) Tell(ctx context.Context, to uuid.UUID, kind order.Kind, details, text any) error {
	return p.Send(ctx, "/api/orders/"+to.String()+"/"+string(kind), uuid.NewString(), browser.Message(details, text), nil)
}
