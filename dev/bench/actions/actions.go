// Package actions measures how long a person waits for an action: from the HTTP request to the
// response with the order's verdict, with one client and with many, compared with two baselines.
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
	// customers is how many customers share the orders and offer them to the engineers.
	customers = 50
	engineers = 20
	// publishConcurrency is how many orders are published at a time.
	publishConcurrency = 16
)

// orderPool is a set of open orders. The customer of each offers it to an engineer and withdraws
// the offer, repeatedly: both messages pass the whole processing of an order and leave it the same
// size.
type orderPool struct {
	orders    []uuid.UUID
	customers []people.Person
	engineers []people.Person
	offered   []bool
	next      []int // by client
}

// openPool publishes the given number of orders.
func openPool(ctx context.Context, p *platform.Platform, orders int) (*orderPool, error) {
	d := &orderPool{orders: make([]uuid.UUID, orders), offered: make([]bool, orders)}
	var err error
	if d.customers, d.engineers, err = people.CreatePeople(ctx, p, customers, engineers); err != nil {
		return nil, err
	}
	err = load.Each(ctx, publishConcurrency, orders, func(ctx context.Context, i int) (err error) {
		d.orders[i], err = d.customer(i).Publish(ctx)
		return err
	})
	return d, err
}

func (d *orderPool) customer(i int) people.Person { return d.customers[i%len(d.customers)] }

// act returns the action of a client: it sends the next message to the next of the client's orders.
// Clients share no order.
func (d *orderPool) act(clients int) func(context.Context, int) error {
	d.next = make([]int, clients)
	return func(ctx context.Context, client int) error {
		i := (client + d.next[client]*clients) % len(d.orders)
		if i%clients != client {
			i = client // some clients have one order less
			d.next[client] = 0
		}
		d.next[client]++
		if d.offered[i] {
			d.offered[i] = false
			return d.customer(i).SendMessage(ctx, d.orders[i], order.WithdrawOffer, nil, nil)
		}
		d.offered[i] = true
		pick := order.EngineerChoice{Engineer: d.engineers[i%len(d.engineers)].Actor.Party}
		return d.customer(i).SendMessage(ctx, d.orders[i], order.OfferOrder, pick, order.Note{Note: "Нужны работы под ключ, с постановкой на учёт."})
	}
}

// step returns the same action for a baseline, distributed over its workflows in the same way.
func step(f *floor.Baseline, kind floor.Kind, clients, workflows int) func(context.Context, int) error {
	next := make([]int, clients)
	return func(ctx context.Context, client int) error {
		i := (client + next[client]*clients) % workflows
		next[client]++
		return f.Step(ctx, kind, i)
	}
}
