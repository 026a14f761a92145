// Package actions measures how long a person waits for an action: from the HTTP request to the
// response with the order's verdict, with one client and with many, compared with two baselines.
package actions

import (
	"context"
	"fmt"

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

// start starts a platform with the given number of published orders and returns it as a subject.
// The customer of each order offers it to an engineer and withdraws the offer, repeatedly: both
// messages pass the whole processing of an order and leave it the same size.
func start(ctx context.Context, s platform.Servers, name string, orders int) (*subject, error) {
	p, err := platform.Start(ctx, s, "actions")
	if err != nil {
		return nil, err
	}
	ordering, performing, err := people.CreatePeople(ctx, p, customers, engineers)
	if err != nil {
		return nil, err
	}
	ids, offered := make([]uuid.UUID, orders), make([]bool, orders)
	err = load.Each(ctx, publishConcurrency, orders, func(ctx context.Context, i int) (err error) {
		ids[i], err = ordering[i%customers].Publish(ctx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("publishing the orders: %w", err)
	}
	act := func(ctx context.Context, i int) error {
		customer := ordering[i%customers]
		offered[i] = !offered[i]
		if !offered[i] {
			return customer.SendMessage(ctx, ids[i], order.WithdrawOffer, nil, nil)
		}
		to := order.EngineerChoice{Engineer: performing[i%engineers].Actor.Party}
		note := order.Note{Note: "Нужны работы под ключ, с постановкой на учёт."}
		return customer.SendMessage(ctx, ids[i], order.OfferOrder, to, note)
	}
	return &subject{
		name: name, on: p, act: act, items: orders, profiled: true, measurements: map[int][]measurement{},
		processes: map[string]int{platform.Worker: p.Worker.PID(), platform.API: p.API.PID()},
	}, nil
}

// baseline returns a baseline beside a platform as a subject.
func baseline(p *platform.Platform, f *floor.Baseline, kind floor.Kind) *subject {
	return &subject{
		name: string(kind), on: p, items: f.Workflows, measurements: map[int][]measurement{},
		processes: map[string]int{platform.Worker: f.PID()},
		act:       func(ctx context.Context, i int) error { return f.Step(ctx, kind, i) },
	}
}
