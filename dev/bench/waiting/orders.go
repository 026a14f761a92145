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

	"epkr/dev/bench/inwork"
	"epkr/dev/bench/load"
	"epkr/dev/bench/people"
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

func start(ctx context.Context, s platform.Servers, name string, n int) (*waitingOrders, error) {
	p, err := platform.Start(ctx, s, name)
	if err != nil {
		return nil, err
	}
	engineers, err := people.CreateEngineers(ctx, p.Database, n)
	if err != nil {
		return nil, err
	}
	orders, err := inwork.Put(ctx, p, engineers[0])
	if err != nil {
		return nil, err
	}
	added, err := orders.Add(ctx, engineers, 1)
	if err != nil {
		return nil, err
	}
	p.Progressf("starting %d orders as workflows", n)
	return &waitingOrders{Platform: p, orders: added}, orders.Start(ctx, added)
}

// signalConcurrency is how many signals are sent at a time.
const signalConcurrency = 64

// sendStatuses sends each of the orders the given number of messages, one a round, as fast as they
// are accepted, and waits until all are recorded. It returns how long the sending took.
func (c *waitingOrders) sendStatuses(
	ctx context.Context, orders []inwork.Order, each int,
) (sent time.Duration, err error) {
	err = inwork.AwaitRecorded(ctx, c.Database, each*len(orders), func() error {
		began := time.Now()
		defer func() { sent = time.Since(began) }()
		for range each {
			c.statuses++
			send := func(ctx context.Context, i int) error { return c.send(ctx, orders[i]) }
			if err := load.Each(ctx, signalConcurrency, len(orders), send); err != nil {
				return err
			}
		}
		return nil
	})
	return sent, err
}

// send sends the status of the performer: excluded in an odd round, active in an even one.
func (c *waitingOrders) send(ctx context.Context, one inwork.Order) error {
	status := order.EngineerStatus{
		Engineer: one.Engineer.String(), Active: c.statuses%2 == 0, AsOf: time.Now().UTC(),
	}
	details, err := json.Marshal(status)
	if err != nil {
		return fmt.Errorf("encoding a message: %w", err)
	}
	id := workflowapi.StatusMessageID(order.BySourceRegistry, one.ID, status)
	m := order.Message{
		ID: id.String(), Actor: order.Actor{Role: order.RoleRegistry},
		ReceivedAt: status.AsOf, Details: details,
	}
	// The record applies a registry status only if the engineer's row has the same status.
	const update = `update engineers set in_registry = $2, registry_as_of = $3 where id = $1`
	_, err = c.Database.ExecContext(ctx, update, one.Engineer, status.Active, status.AsOf)
	if err != nil {
		return fmt.Errorf("changing an engineer's status: %w", err)
	}
	signal := workflowapi.OrderSignal(one.ID, string(order.RegistryStatus), m)
	if err := workflowapi.Send(ctx, c.Temporal, signal); err != nil {
		return fmt.Errorf("signalling order %s: %w", one.ID, err)
	}
	return nil
}
