// Package waiting measures what waiting orders cost the worker: its memory, and how fast it
// processes many messages at once. It decides no messages and does not depend on what they change.
// The only message that it sends is the registry's status of an order's performer, which suspends
// the order or resumes it.
package waiting

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"epkr/db"
	"epkr/dev/bench/inwork"
	"epkr/dev/bench/load"
	"epkr/dev/bench/platform"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// waitingOrders are orders in work that wait on a platform of their own.
type waitingOrders struct {
	*platform.Platform
	orders []inwork.Order
	// statuses counts the rounds of statuses; an order may have received fewer.
	statuses int
}

func start(ctx context.Context, s platform.Servers, name string, count int) (*waitingOrders, error) {
	p, err := platform.Start(ctx, s, name)
	if err != nil {
		return nil, err
	}
	c := &waitingOrders{Platform: p}
	if err := c.fill(ctx, count); err != nil {
		p.Stop()
		return nil, err
	}
	return c, nil
}

func (c *waitingOrders) fill(ctx context.Context, count int) error {
	store, err := db.Open(ctx, c.OwnDatabaseURL)
	if err != nil {
		return err
	}
	defer store.Close()
	engineers, err := inwork.Engineers(ctx, c.Database, count)
	if err != nil {
		return err
	}
	orders, err := inwork.Put(ctx, store, c.Database, engineers[0])
	if err != nil {
		return err
	}
	if c.orders, err = orders.Add(ctx, engineers, 1); err != nil {
		return err
	}
	c.Progressf("starting %d orders as workflows", count)
	return orders.Start(ctx, c.Platform, c.orders)
}

// signalConcurrency is how many signals are sent at a time.
const signalConcurrency = 64

// sendStatuses sends each of the orders the given number of messages, one a round, as fast as they
// are accepted, and waits until all are recorded. It returns how long the sending took.
func (c *waitingOrders) sendStatuses(ctx context.Context, orders []inwork.Order, each int) (sent time.Duration, err error) {
	before, err := inwork.Recorded(ctx, c.Database)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	for range each {
		if err := c.round(ctx, orders); err != nil {
			return 0, err
		}
	}
	sent = time.Since(began)
	return sent, inwork.AwaitRecorded(ctx, c.Database, before+each*len(orders))
}

func (c *waitingOrders) round(ctx context.Context, orders []inwork.Order) error {
	c.statuses++
	return load.Each(ctx, signalConcurrency, len(orders), func(ctx context.Context, i int) error { return c.send(ctx, orders[i], c.statuses) })
}

// send sends the nth status of the performer: excluded for an odd n, active for an even n.
func (c *waitingOrders) send(ctx context.Context, one inwork.Order, nth int) error {
	standing := order.EngineerStatus{Engineer: one.Engineer.String(), Active: nth%2 == 0, AsOf: time.Now().UTC()}
	details, err := json.Marshal(standing)
	if err != nil {
		return fmt.Errorf("encoding a message: %w", err)
	}
	m := order.Message{
		ID: workflowapi.StatusMessageID(order.BySourceRegistry, one.ID, standing).String(), Actor: order.Actor{Role: order.RoleRegistry},
		ReceivedAt: standing.AsOf, Details: details,
	}
	// The record applies a registry status only if the engineer's row has the same status.
	if _, err := c.Database.ExecContext(ctx, `update engineers set in_registry = $2, registry_as_of = $3 where id = $1`,
		one.Engineer, standing.Active, standing.AsOf); err != nil {
		return fmt.Errorf("changing an engineer's status: %w", err)
	}
	err = workflowapi.Send(ctx, c.Temporal, workflowapi.OrderSignal(one.ID, string(order.RegistryStatus), m))
	if err != nil {
		return fmt.Errorf("signalling order %s: %w", one.ID, err)
	}
	return nil
}
