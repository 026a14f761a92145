// Package waiting measures what orders that wait for their next message cost the worker: its memory, and how it copes with many
// messages at once. It judges no order and knows nothing of what a message changes; the one that it sends is the registry's word
// on an order's performer, which suspends the order, or lets it go on.
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

// crowd are orders in work that wait on a platform of their own.
type crowd struct {
	*platform.Platform
	orders []inwork.Order
	// said counts the messages that every order has been sent, or more.
	said int
}

func gather(ctx context.Context, s platform.Servers, name string, count int) (*crowd, error) {
	p, err := platform.Start(ctx, s, name)
	if err != nil {
		return nil, err
	}
	c := &crowd{Platform: p}
	if err := c.fill(ctx, count); err != nil {
		p.Stop()
		return nil, err
	}
	return c, nil
}

func (c *crowd) fill(ctx context.Context, count int) error {
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
	c.Say("starting %d orders as workflows", count)
	return orders.Start(ctx, c.Platform, c.orders)
}

// sentAbreast are how many signals are on their way at a time.
const sentAbreast = 64

// tell sends each of the orders so many messages, one a round, as fast as they are taken, and waits until all are judged and
// recorded. It gives how long the sending took.
func (c *crowd) tell(ctx context.Context, orders []inwork.Order, each int) (sent time.Duration, err error) {
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

func (c *crowd) round(ctx context.Context, orders []inwork.Order) error {
	c.said++
	return load.Each(ctx, sentAbreast, len(orders), func(ctx context.Context, i int) error { return c.send(ctx, orders[i], c.said) })
}

// send says for the nth time what the registry knows of the performer: that he is no engineer any more, and the next time that he is.
func (c *crowd) send(ctx context.Context, one inwork.Order, nth int) error {
	standing := order.Standing{Engineer: one.Engineer.String(), Active: nth%2 == 0, AsOf: time.Now().UTC()}
	details, err := json.Marshal(standing)
	if err != nil {
		return fmt.Errorf("encoding a message: %w", err)
	}
	m := order.Message{
		ID: workflowapi.StandingMessageID(order.BySourceRegistry, one.ID, standing).String(), Actor: order.Actor{Role: order.RoleRegistry},
		ReceivedAt: standing.AsOf, Details: details,
	}
	// The record takes the registry's word only if the platform holds the same of the engineer.
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
