package floor

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"epkr/dev/bench/platform"
	"epkr/dev/servers"
	"epkr/internal/config"
	"epkr/internal/workflowapi"
	"epkr/workflows"
)

const (
	// taskQueue is also the name of the process and of the workflow.
	taskQueue  = "floor"
	stepSignal = "step"
	// databaseVariable makes this program the baselines' worker; see [Main].
	databaseVariable = "EPKR_BENCH_FLOOR_DATABASE_URL"
)

// Kind is one of the two baselines.
type Kind string

const (
	// Bare receives a signal and writes a row.
	Bare Kind = "bare floor"
	// Shown also does what an order always needs: it updates three search attributes and restarts
	// its timer.
	Shown Kind = "floor with upsert and timer"
)

// floor is the workflow of both baselines.
func floor(ctx workflow.Context, kind Kind) error {
	stop := func() {}
	for n := 0; ; n++ {
		var id string
		workflow.GetSignalChannel(ctx, stepSignal).Receive(ctx, &id)
		local := workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
			StartToCloseTimeout: 3 * time.Second,
		})
		if err := workflow.ExecuteLocalActivity(local, (*rows).Write, id).Get(ctx, nil); err != nil {
			return err
		}
		if kind == Bare {
			continue
		}
		const never = 30 * 24 * time.Hour
		now := workflow.Now(ctx)
		err := workflow.UpsertTypedSearchAttributes(ctx,
			workflowapi.AttrWaitsFor.ValueSet(strconv.Itoa(n%2)),
			workflowapi.AttrWaitsSince.ValueSet(now),
			workflowapi.AttrDeadline.ValueSet(now.Add(never)))
		if err != nil {
			return err
		}
		stop()
		var timer workflow.Context
		timer, stop = workflow.WithCancel(ctx)
		workflow.NewTimer(timer, never)
	}
}

// rows is the activity that writes the steps' rows.
type rows struct{ database *sql.DB }

const makeRows = `create table steps (id uuid primary key, at timestamptz not null default now())`

// Write inserts the row of a step and notifies the listeners. It may run twice.
func (r *rows) Write(ctx context.Context, id string) error {
	_, err := r.database.ExecContext(ctx, `
		with step as (insert into steps (id) values ($1) on conflict do nothing)
		select pg_notify('epkr', json_build_object('m', $1::uuid)::text)`, id)
	return err
}

// Main runs the baselines' worker if this process was started as that, until a stop signal, and
// then ends the process. In any other process it returns at once. main must call it first.
func Main() {
	address := os.Getenv(databaseVariable)
	if address == "" {
		return
	}
	if err := work(address); err != nil {
		slog.Error("the floors' worker ends", "error", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// work runs the worker with the same options and number of connections as the platform's worker.
func work(address string) error {
	connection, err := config.TemporalOptions(os.LookupEnv)
	if err != nil {
		return err
	}
	connection.Logger = log.NewStructuredLogger(slog.Default())
	temporal, err := client.Dial(connection)
	if err != nil {
		return fmt.Errorf("reaching Temporal: %w", err)
	}
	database, err := sql.Open("pgx", address)
	if err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	connections := max(4, runtime.NumCPU())
	database.SetMaxOpenConns(connections)
	database.SetMaxIdleConns(connections)
	options := workflows.Options()
	options.Interceptors = nil // they are the platform's own
	running := worker.New(temporal, taskQueue, options)
	running.RegisterWorkflowWithOptions(floor, workflow.RegisterOptions{Name: taskQueue})
	running.RegisterActivity(&rows{database: database})
	return running.Run(worker.InterruptCh())
}

// startWorker starts this program once more beside the platform.
func startWorker(p *platform.Platform, databaseURL string) (*servers.Process, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program: %w", err)
	}
	return servers.Launch(servers.Command{
		Name: taskQueue, Path: program, Log: filepath.Join(p.Folder, "log", p.Name, "floor.log"),
		Env: append(os.Environ(), databaseVariable+"="+databaseURL,
			"TEMPORAL_ADDRESS="+p.TemporalAddress, "TEMPORAL_NAMESPACE="+p.Name),
	})
}
