// Package plain compares the way in which the platform takes an order's messages with the plain one: rules in the workflow, a normal
// activity for each row, and a query for the answer. Both get the same messages along path a, from the same clients.
//
// The plain way has the platform's rules, search attributes and timer. Its rows are as many, and smaller: each is one insert of a
// few bytes. It makes nothing once, notifies nobody, and does not start its history anew.
package plain

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"epkr/dev/bench/child"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// Worker is the process of the plain workflows.
func Worker() child.Worker { return child.Worker{Name: "plain", Register: register} }

const (
	workflowName = "PlainOrder"
	// messageSignal carries an envelope.
	messageSignal = "message"
	// verdictQuery answers with the verdict on the message of an id, empty while there is none.
	verdictQuery = "verdict"
)

// envelope is a message with its kind.
type envelope struct {
	Kind    order.Kind
	Message order.Message
}

// plainOrder takes one message after the other.
func plainOrder(ctx workflow.Context, id string) error {
	o := &plainRun{state: order.State{ID: id}, verdicts: map[string]order.Verdict{}, stop: func() {}}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second})
	err := workflow.SetQueryHandler(ctx, verdictQuery, func(id string) (order.Verdict, error) { return o.verdicts[id], nil })
	if err != nil {
		return err
	}
	for !o.state.Closed() {
		var in envelope
		workflow.GetSignalChannel(ctx, messageSignal).Receive(ctx, &in)
		m := in.Message
		m.Kind = in.Kind
		if err := o.take(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

type plainRun struct {
	state    order.State
	verdicts map[string]order.Verdict
	shown    workflowapi.Attributes
	stop     func()
}

func (o *plainRun) take(ctx workflow.Context, m order.Message) error {
	var facts order.Facts
	engineer := order.Concerns(&o.state, m)
	err := workflow.ExecuteActivity(ctx, (*rows).Facts, o.state.ID, engineer, order.NamedFiles(m)).Get(ctx, &facts)
	if err != nil {
		return err
	}
	facts.Now, facts.BodyFound, facts.Number = workflow.Now(ctx), true, o.state.ID
	decision, err := order.Decide(o.state, m, facts)
	if err != nil {
		return err
	}
	for _, table := range rowsOf(m, decision) {
		row := row{Table: table, Order: o.state.ID, Seq: decision.Seq}
		if err := workflow.ExecuteActivity(ctx, (*rows).Write, row).Get(ctx, nil); err != nil {
			return err
		}
	}
	o.state = decision.After
	o.verdicts[m.ID] = decision.Verdict
	return o.show(ctx)
}

// rowsOf are the tables that a judged message has a row of, as the platform's have.
func rowsOf(m order.Message, d order.Decision) []string {
	tables := []string{"verdict", "order"}
	if d.Verdict != order.Applied {
		return tables
	}
	tables = append(tables, "event")
	if len(d.After.Responses) != len(d.Before.Responses) || (d.After.Performer != nil && d.Before.Performer == nil) {
		tables = append(tables, "response")
	}
	for range order.Documents(m) {
		tables = append(tables, "document")
	}
	for range d.Notices {
		tables = append(tables, "notification")
	}
	if m.Body != nil {
		tables = append(tables, "body")
	}
	return tables
}

// show does what the platform's workflow does for operators, and keeps the timer of the next deadline.
func (o *plainRun) show(ctx workflow.Context) error {
	now := workflowapi.AttributesOf(&o.state)
	if updates := now.Updates(o.shown); len(updates) > 0 {
		if err := workflow.UpsertTypedSearchAttributes(ctx, updates...); err != nil {
			return err
		}
	}
	o.shown = now
	o.stop()
	o.stop = func() {}
	if due, ok := o.state.NextDue(); ok {
		timed, cancel := workflow.WithCancel(ctx)
		workflow.NewTimer(timed, due.At.Sub(workflow.Now(ctx)))
		o.stop = cancel
	}
	return nil
}

// rows are the database.
type rows struct{ database *sql.DB }

const makeRows = `create table rows (id bigint generated always as identity primary key, kind text not null, order_id uuid not null,
	seq integer not null, written_at timestamptz not null default now())`

// row is a row to write.
type row struct {
	Table, Order string
	Seq          int
}

// Write writes one row.
func (r *rows) Write(ctx context.Context, one row) error {
	_, err := r.database.ExecContext(ctx, `insert into rows (kind, order_id, seq) values ($1, $2, $3)`, one.Table, one.Order, one.Seq)
	if err != nil {
		return fmt.Errorf("writing a row: %w", err)
	}
	return nil
}

// Facts reads an engineer, if one is named, and the named files of an order.
func (r *rows) Facts(ctx context.Context, id, engineer string, files []order.FileRef) (facts order.Facts, err error) {
	ids := make([]string, len(files))
	for i, f := range files {
		ids[i] = f.ID
	}
	var read []byte
	err = r.database.QueryRowContext(ctx, `select json_build_object(
		'Engineer', (select json_build_object('ID', e.id, 'Person', e.person_id, 'InRegistry', e.in_registry, 'Receives', e.receives_orders,
			'Complete', e.profile_complete, 'SoleProprietor', e.form = 'entrepreneur', 'Regions', e.regions)
			from engineers e where e.id::text = $1),
		'Files', (select json_object_agg(f.id, json_build_object('SHA256', f.sha256, 'ContentType', f.content_type))
			from files f where f.order_id = $2 and f.id::text = any($3)))`, engineer, id, ids).Scan(&read)
	if err != nil {
		return facts, fmt.Errorf("reading the facts: %w", err)
	}
	return facts, json.Unmarshal(read, &facts)
}

func register(w worker.Registry, database *sql.DB) {
	w.RegisterWorkflowWithOptions(plainOrder, workflow.RegisterOptions{Name: workflowName})
	w.RegisterActivity(&rows{database: database})
}
