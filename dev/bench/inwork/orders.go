// Package inwork creates orders in work on a new platform: rows as if each order had got there
// message by message, and workflows that continue from their rows.
//
// It passes one order through the platform's own rules and copies it. It sends no messages, and the
// earlier messages are in no history. Its inputs are a migrated database, Temporal, and the world
// of package dev/synthetic.
package inwork

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	orderactivities "epkr/activities/orders"
	"epkr/db"
	"epkr/dev/bench/load"
	"epkr/dev/bench/platform"
	"epkr/dev/browser"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// Order is an order in work.
type Order struct{ ID, Engineer uuid.UUID }

// Orders are the orders that this package has created on a platform.
type Orders struct {
	database *sql.DB
	template uuid.UUID
}

// Put creates a customer with one order in work by the engineer; [Orders.Add] copies it. The
// database is the platform's, given twice: as its store, and opened for statements that the store
// does not have.
func Put(ctx context.Context, store *db.Store, database *sql.DB, engineer uuid.UUID) (*Orders, error) {
	by, err := addCustomer(ctx, database)
	if err != nil {
		return nil, fmt.Errorf("adding a customer: %w", err)
	}
	now := time.Now().UTC()
	state, err := template(by, engineer, now)
	if err != nil {
		return nil, err
	}
	row, err := orderactivities.OrderRow(&state, now)
	if err != nil {
		return nil, err
	}
	row.Number = "template-" + row.ID.String()
	if err := store.UpsertOrder(ctx, row); err != nil {
		return nil, fmt.Errorf("adding an order in work: %w", err)
	}
	return &Orders{database: database, template: row.ID}, nil
}

func addCustomer(ctx context.Context, database *sql.DB) (by ordered, err error) {
	form := uuid.New()
	by.form = order.BodyRef{ID: form.String(), SHA256: file("form").SHA256}
	if by.customer, err = browser.NewCustomer(ctx, database); err != nil {
		return by, err
	}
	_, err = database.ExecContext(ctx, `insert into message_bodies (id, order_id, author_id, body, sha256, used)
		values ($1, gen_random_uuid(), $2, '{}', $3, true)`, form, by.customer.Person, by.form.SHA256)
	return by, err
}

// Add creates the given number of orders in work for each engineer, as rows only.
func (o *Orders) Add(ctx context.Context, engineers []uuid.UUID, each int) ([]Order, error) {
	// A record keeps the values of its source row except for those given here.
	rows, err := o.database.QueryContext(ctx, `
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
		returning id, engineer_id`, o.template, engineers, each)
	if err != nil {
		return nil, fmt.Errorf("adding orders in work: %w", err)
	}
	defer rows.Close()
	var added []Order
	for rows.Next() {
		var one Order
		if err := rows.Scan(&one.ID, &one.Engineer); err != nil {
			return nil, fmt.Errorf("reading the orders added: %w", err)
		}
		added = append(added, one)
	}
	return added, rows.Err()
}

// state returns the state of an order from its row.
func (o *Orders) state(ctx context.Context, id uuid.UUID) (s order.State, err error) {
	var row []byte
	if err := o.database.QueryRowContext(ctx, `select state from orders where id = $1`, id).Scan(&row); err != nil {
		return s, fmt.Errorf("reading an order: %w", err)
	}
	if err := json.Unmarshal(row, &s); err != nil {
		return s, fmt.Errorf("reading an order's state: %w", err)
	}
	return s, nil
}

// startConcurrency is how many workflows are started at a time.
const startConcurrency = 16

// Start starts the orders as workflows of the platform, each from its row as after a
// continue-as-new, and returns when all of them wait for their next message. Orders started by an
// earlier call are already waiting.
func (o *Orders) Start(ctx context.Context, p *platform.Platform, orders []Order) error {
	before, err := waiting(ctx, p)
	if err != nil {
		return err
	}
	err = load.Each(ctx, startConcurrency, len(orders), func(ctx context.Context, i int) error {
		return o.start(ctx, p.Temporal, p.TaskQueue, orders[i])
	})
	if err != nil {
		return err
	}
	return platform.Await(ctx, "the orders in work", func() (bool, error) {
		now, err := waiting(ctx, p)
		return now == before+len(orders), err
	})
}

func (o *Orders) start(ctx context.Context, temporal client.Client, taskQueue string, one Order) error {
	state, err := o.state(ctx, one.ID)
	if err != nil {
		return err
	}
	_, err = temporal.ExecuteWorkflow(ctx, workflowapi.StartOptions(one.ID, taskQueue), workflowapi.OrderWorkflow, workflowapi.OrderInput{State: state})
	if err != nil {
		return fmt.Errorf("starting order %s: %w", one.ID, err)
	}
	return nil
}

// waiting counts the orders in work by their search attributes.
func waiting(ctx context.Context, p *platform.Platform) (int, error) {
	query := fmt.Sprintf("%s = '%s'", workflowapi.AttrStage.GetName(), order.Work)
	found, err := p.Temporal.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Namespace: p.Name, Query: query})
	if err != nil {
		return 0, fmt.Errorf("counting the orders in work: %w", err)
	}
	return int(found.GetCount()), nil
}

// Recorded counts the recorded messages. None of them is refused, except a status that a later one
// superseded before it was decided.
func Recorded(ctx context.Context, database *sql.DB) (all int, err error) {
	var refused int
	err = database.QueryRowContext(ctx, `
		select count(*), count(*) filter (where verdict = 'refused' and code <> 'older_statement') from order_messages`).Scan(&all, &refused)
	if err != nil {
		return 0, fmt.Errorf("counting the messages recorded: %w", err)
	}
	if refused > 0 {
		return 0, fmt.Errorf("%d messages were refused", refused)
	}
	return all, nil
}

// AwaitRecorded waits until the given number of messages is recorded.
func AwaitRecorded(ctx context.Context, database *sql.DB, all int) error {
	return platform.Await(ctx, "the last verdict", func() (bool, error) {
		now, err := Recorded(ctx, database)
		return now == all, err
	})
}

// Engineers creates engineers who are in the registry, for platforms without the world of package
// dev/synthetic.
func Engineers(ctx context.Context, database *sql.DB, count int) ([]uuid.UUID, error) {
	_, err := database.ExecContext(ctx, `
		insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of, form)
		select gen_random_uuid(), n::text, n::text, 'Инженеров', 'Инженер', true, now(), 'entrepreneur' from generate_series(1, $1::integer) n`, count)
	if err != nil {
		return nil, fmt.Errorf("adding engineers: %w", err)
	}
	return Eligible(ctx, database)
}

// Eligible returns the engineers who may take orders according to the registry and the moderators,
// shuffled, always in the same order.
func Eligible(ctx context.Context, database *sql.DB) ([]uuid.UUID, error) {
	rows, err := database.QueryContext(ctx, `select id from engineers where in_registry and not blocked order by md5(snils), id`)
	if err != nil {
		return nil, fmt.Errorf("finding engineers: %w", err)
	}
	defer rows.Close()
	var ids []uuid.UUID
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("reading an engineer: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
