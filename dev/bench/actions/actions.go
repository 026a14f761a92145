// Package actions measures how long a person waits for an action: from the HTTP request to the
// response with the order's verdict, with one client and with many, compared with two baselines.
package actions

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/dev/bench/floor"
	"epkr/dev/bench/load"
	"epkr/dev/bench/people"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
	"epkr/internal/order"
)

const (
	// customers is how many customers share the orders and offer them to the engineers.
	customers = 50
	engineers = 20
)

// start starts a platform with the given number of published orders and returns it as a subject.
// The customer of each order offers it to an engineer and withdraws the offer, repeatedly: both
// messages pass the whole processing of an order and leave it the same size.
func start(ctx context.Context, s platform.Servers, name string, orders int) (*subject, error) {
	p, err := platform.Start(ctx, s, "actions")
	if err != nil {
		return nil, err
	}
	registered, err := people.CreateEngineers(ctx, p.Database, engineers)
	if err != nil {
		return nil, err
	}
	ordering, performing, err := people.SignIn(ctx, p, customers, registered)
	if err != nil {
		return nil, err
	}
	ids, offered := make([]uuid.UUID, orders), make([]bool, orders)
	err = load.Each(ctx, 16, orders, func(ctx context.Context, i int) (err error) {
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
		name: name, on: p, act: act, items: orders, profiled: true,
		measurements: map[int][]measurement{},
		processes:    map[string]int{platform.Worker: p.Worker.PID(), platform.API: p.API.PID()},
	}, nil
}

// baseline returns a baseline beside a platform as a subject.
func baseline(p *platform.Platform, f *floor.Baseline, kind floor.Kind) *subject {
	return &subject{
		name: string(kind), on: p, items: f.Workflows, measurements: map[int][]measurement{},
		processes: map[string]int{platform.Worker: f.Process.PID()},
		act:       func(ctx context.Context, i int) error { return f.Step(ctx, kind, i) },
	}
}

// Run measures actions with 1, 8 and 32 clients.
func Run(ctx context.Context, s platform.Servers) (found report.Section, err error) {
	pl := plan{
		orders: 1000, rounds: 10, turns: 1, clients: []int{1, 8, 32}, lasting: 4 * time.Second,
	}
	if s.Quick {
		pl = plan{
			orders: 24, rounds: 1, turns: 1, clients: []int{1, 2}, lasting: 200 * time.Millisecond,
		}
	}
	tested, err := start(ctx, s, "platform", pl.orders)
	if err != nil {
		return found, err
	}
	f, err := floor.Start(ctx, tested.on, pl.orders)
	if err != nil {
		return found, err
	}
	shown, bare := baseline(tested.on, f, floor.Shown), baseline(tested.on, f, floor.Bare)
	if err := compare(ctx, pl, tested, shown, bare); err != nil {
		return found, err
	}
	found = section("Actions: latency and throughput", pl, tested, shown, bare)
	found.Targets = []report.Target{tested.against(shown, pl.clients[0], p50, 1.3)}
	for _, clients := range pl.clients[1:] {
		found.Targets = append(
			found.Targets, tested.against(shown, clients, rate, 0.8),
			tested.against(bare, clients, rate, 0.5),
		)
	}
	return found, nil
}

// slower is the limit of the ratio of this tree's latency to the base's.
const slower = 1.05

// Pairs returns a benchmark that compares this tree with another commit, each in a database and a
// namespace of its own on the same servers. A pair is a round: short turns of each, now the one and
// now the other first.
func Pairs(commit string) func(context.Context, platform.Servers) (report.Section, error) {
	return func(ctx context.Context, s platform.Servers) (found report.Section, err error) {
		// Turns are short, so that a temporary slowdown of the machine affects both.
		pl := plan{orders: 400, rounds: 5, turns: 10, clients: []int{1, 8}, lasting: time.Second}
		if s.Quick {
			pl = plan{
				orders: 24, rounds: 1, turns: 2, clients: []int{1, 2}, lasting: 100 * time.Millisecond,
			}
		}
		there, err := s.At(ctx, commit)
		if err != nil {
			return found, err
		}
		base, err := start(ctx, there, "base", pl.orders)
		if err != nil {
			return found, err
		}
		current, err := start(ctx, s, "this tree", pl.orders)
		if err != nil {
			return found, err
		}
		if err := compare(ctx, pl, base, current); err != nil {
			return found, err
		}
		found = section("Actions: this tree against another commit", pl, base, current)
		for _, clients := range pl.clients {
			found.Targets = append(
				found.Targets, current.against(base, clients, p50, slower),
				current.against(base, clients, rate, 1/slower),
			)
		}
		return found, nil
	}
}
