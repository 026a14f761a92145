// Package floor is the baseline for the platform: the minimum that Temporal and Postgres do for a
// step of a long-lived workflow, which is a signal, a local activity and one row. It runs in its
// own process, with the same number of pollers and connections as the platform's worker, and is
// driven directly by the SDK.
//
// Its client learns that a step is done from a notification sent by the statement that inserts the
// row: nothing is faster or cheaper without keeping a request open in the server. There is no HTTP,
// no rule, no history, and no deduplication of steps.
package floor

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"epkr/internal/workflowapi"
)

// Kind is one of the two baselines.
type Kind string

const (
	// Bare receives a signal and writes a row.
	Bare Kind = "floor-bare"
	// Shown also does what an order always needs: it updates three search attributes and restarts
	// its timer.
	Shown Kind = "floor-shown"
)

const stepSignal = "step"

// bare is the smallest workflow that receives a signal and writes one row in a local activity.
func bare(ctx workflow.Context) error {
	for {
		if err := takeStep(ctx); err != nil {
			return err
		}
	}
}

// shown is bare with an upsert of the search attributes and a restarted timer.
func shown(ctx workflow.Context) error {
	stop := func() {}
	for n := 0; ; n++ {
		if err := takeStep(ctx); err != nil {
			return err
		}
		now := workflow.Now(ctx)
		err := workflow.UpsertTypedSearchAttributes(ctx, workflowapi.AttrWaitsFor.ValueSet(strconv.Itoa(n%2)),
			workflowapi.AttrWaitsSince.ValueSet(now), workflowapi.AttrDeadline.ValueSet(now.Add(deadline)))
		if err != nil {
			return err
		}
		stop()
		stop = startTimer(ctx)
	}
}

// deadline is never reached.
const deadline = 30 * 24 * time.Hour

func startTimer(ctx workflow.Context) (stop func()) {
	ctx, cancel := workflow.WithCancel(ctx)
	workflow.NewTimer(ctx, deadline)
	return cancel
}

func takeStep(ctx workflow.Context) error {
	var id string
	workflow.GetSignalChannel(ctx, stepSignal).Receive(ctx, &id)
	ctx = workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{StartToCloseTimeout: 3 * time.Second})
	return workflow.ExecuteLocalActivity(ctx, (*rows).Write, id).Get(ctx, nil)
}

// rows is the activity that writes the steps' rows.
type rows struct{ database *sql.DB }

const makeRows = `create table steps (id uuid primary key, at timestamptz not null default now())`

// Write inserts the row of a step and notifies the listeners. It may run twice.
func (r *rows) Write(ctx context.Context, id string) error {
	const write = `with step as (insert into steps (id) values ($1) on conflict do nothing)
		select pg_notify('epkr', json_build_object('m', $1::uuid)::text)`
	if _, err := r.database.ExecContext(ctx, write, id); err != nil {
		return fmt.Errorf("writing a step: %w", err)
	}
	return nil
}

func register(w worker.Registry, database *sql.DB) {
	w.RegisterWorkflowWithOptions(bare, workflow.RegisterOptions{Name: string(Bare)})
	w.RegisterWorkflowWithOptions(shown, workflow.RegisterOptions{Name: string(Shown)})
	w.RegisterActivity(&rows{database: database})
}
