// Package inwork creates orders in work on a new platform: rows as if each order had got there
// message by message, and workflows that continue from their rows.
//
// It plays one order through the API and copies its row. Earlier messages of the copies are in no
// history.
package inwork

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"epkr/dev/bench/load"
	"epkr/dev/bench/people"
	"epkr/dev/bench/platform"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// Order is an order in work.
type Order struct{ ID, Engineer uuid.UUID }

// Orders are the orders that this package has created on a platform.
type Orders struct {
	on       *platform.Platform
	template uuid.UUID
	started  int
}

// Put plays an order of a new customer and the engineer; [Orders.Add] copies it.
func Put(ctx context.Context, p *platform.Platform, engineer uuid.UUID) (*Orders, error) {
	customers, engineers, err := people.SignIn(ctx, p, 1, []uuid.UUID{engineer})
	if err != nil {
		return nil, err
	}
	script := people.Script{Customer: customers[0], Engineer: engineers[0]}
	if err := script.ToWork(ctx); err != nil {
		return nil, fmt.Errorf("playing an order: %w", err)
	}
	return &Orders{on: p, template: script.Order, started: 1}, nil
}

// Add creates the given number of orders in work for each engineer, as rows only.
func (o *Orders) Add(ctx context.Context, engineers []uuid.UUID, each int) ([]Order, error) {
	// A record keeps the values of its source row except for those given here.
	return platform.Read[[]Order](ctx, o.on.Database, `
		with copies as (
			insert into orders
			select added.*
			from orders o,
				(select gen_random_uuid() as id, e.id as engineer, e.person_id as person, e.employer_id as employer
					from engineers e, generate_series(1, $3) where e.id = any($2::uuid[])) n,
				jsonb_populate_record(o, jsonb_build_object(
					'id', n.id, 'number', n.id, 'engineer_id', n.engineer, 'employer_id', n.employer,
					'state', o.state || jsonb_build_object('id', n.id, 'number', n.id, 'performer', jsonb_strip_nulls(jsonb_build_object(
						'id', n.engineer, 'person', n.person, 'employer', n.employer))))) added
			where o.id = $1
			returning id, engineer_id)
		select json_agg(json_build_object('ID', id, 'Engineer', engineer_id)) from copies`,
		o.template, engineers, each)
}

// Start starts the orders as workflows of the platform, each from its row as after a
// continue-as-new, and returns when all of them wait for their next message.
func (o *Orders) Start(ctx context.Context, orders []Order) error {
	err := load.Each(ctx, 16, len(orders), func(ctx context.Context, i int) error {
		return o.start(ctx, orders[i].ID)
	})
	if err != nil {
		return err
	}
	o.started += len(orders)
	return platform.Await(ctx, "the orders in work", func() (bool, error) {
		inWork := fmt.Sprintf("%s = '%s'", workflowapi.AttrStage.GetName(), order.Work)
		now, err := o.on.CountWorkflows(ctx, inWork)
		return now == o.started, err
	})
}

func (o *Orders) start(ctx context.Context, id uuid.UUID) error {
	state, err := platform.Read[order.State](ctx, o.on.Database,
		`select state from orders where id = $1`, id)
	if err != nil {
		return err
	}
	options := workflowapi.StartOptions(id, platform.TaskQueue)
	input := workflowapi.OrderInput{State: state}
	_, err = o.on.Temporal.ExecuteWorkflow(ctx, options, workflowapi.OrderWorkflow, input)
	if err != nil {
		return fmt.Errorf("starting order %s: %w", id, err)
	}
	return nil
}

// AwaitRecorded calls send and waits until that many more messages are recorded. None of them is
// refused, except a status that a later one superseded before it was decided.
func AwaitRecorded(ctx context.Context, d *platform.Database, n int, send func() error) error {
	all, err := recorded(ctx, d)
	if err != nil {
		return err
	}
	if err := send(); err != nil {
		return err
	}
	return platform.Await(ctx, "the last verdict", func() (bool, error) {
		now, err := recorded(ctx, d)
		return now == all+n, err
	})
}

func recorded(ctx context.Context, d *platform.Database) (int, error) {
	count, err := platform.Read[struct{ All, Refused int }](ctx, d, `
		select json_build_object('all', count(*), 'refused',
			count(*) filter (where verdict = 'refused' and code <> 'older_statement')) from order_messages`)
	if err == nil && count.Refused > 0 {
		err = fmt.Errorf("%d messages were refused", count.Refused)
	}
	return count.All, err
}
