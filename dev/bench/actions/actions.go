// Package actions measures what a person waits for: from the request of a button to the order's verdict in its answer, alone and with
// many at once, against the two floors.
package actions

import (
	"context"

	"github.com/google/uuid"

	"epkr/dev/bench/floor"
	"epkr/dev/bench/load"
	"epkr/dev/bench/people"
	"epkr/dev/bench/platform"
	"epkr/internal/order"
)

const (
	// customers have the orders among them, and offer them to the engineers.
	customers = 50
	engineers = 20
	// preparing is how many orders are published at a time.
	preparing = 16
)

// desk is the open orders, each with the customer who offers it to an engineer and takes the offer back, again and again: both are
// messages that go the whole way of an order and leave it as large as it was.
type desk struct {
	orders    []uuid.UUID
	customers []people.Person
	engineers []people.Person
	offered   []bool
	next      []int // by client
}

// openDesk publishes so many orders.
func openDesk(ctx context.Context, p *platform.Platform, orders int) (*desk, error) {
	d := &desk{orders: make([]uuid.UUID, orders), offered: make([]bool, orders)}
	var err error
	if d.customers, d.engineers, err = people.Settle(ctx, p, customers, engineers); err != nil {
		return nil, err
	}
	err = load.Each(ctx, preparing, orders, func(ctx context.Context, i int) (err error) {
		d.orders[i], err = d.customer(i).Publish(ctx)
		return err
	})
	return d, err
}

func (d *desk) customer(i int) people.Person { return d.customers[i%len(d.customers)] }

// act lets a client take the next of his orders and press its button. Clients share no order.
func (d *desk) act(clients int) func(context.Context, int) error {
	d.next = make([]int, clients)
	return func(ctx context.Context, client int) error {
		i := (client + d.next[client]*clients) % len(d.orders)
		if i%clients != client {
			i = client // the last round is shorter for some
			d.next[client] = 0
		}
		d.next[client]++
		if d.offered[i] {
			d.offered[i] = false
			return d.customer(i).Tell(ctx, d.orders[i], order.WithdrawOffer, nil, nil)
		}
		d.offered[i] = true
		pick := order.Pick{Engineer: d.engineers[i%len(d.engineers)].Actor.Party}
		return d.customer(i).Tell(ctx, d.orders[i], order.OfferOrder, pick, order.Note{Note: "Нужны работы под ключ, с постановкой на учёт."})
	}
}

// step is the same for a floor, spread over its workflows in the same way.
func step(f *floor.Floor, kind floor.Kind, clients, workflows int) func(context.Context, int) error {
	next := make([]int, clients)
	return func(ctx context.Context, client int) error {
		i := (client + next[client]*clients) % workflows
		next[client]++
		return f.Step(ctx, kind, i)
	}
}
