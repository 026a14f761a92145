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
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"epkr/db"
	"epkr/dev/bench/load"
	"epkr/dev/bench/platform"
	"epkr/dev/servers"
	"epkr/internal/config"
	"epkr/internal/workflowapi"
	"epkr/workflows"
)

const (
	// taskQueue is also the name of the process and of the workflow.
	taskQueue    = "floor"
	stepSignal   = "step"
	stepActivity = "write"
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
		written := workflow.ExecuteLocalActivity(local, stepActivity, id)
		if err := written.Get(ctx, nil); err != nil {
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

const makeRows = `create table steps (id uuid primary key, at timestamptz not null default now())`

// writeRow inserts the row of a step and notifies the listeners. It may run twice.
const writeRow = `with step as (insert into steps (id) values ($1) on conflict do nothing)
	select pg_notify('epkr', json_build_object('m', $1::uuid)::text)`

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
	running.RegisterActivityWithOptions(func(ctx context.Context, id string) error {
		_, err := database.ExecContext(ctx, writeRow, id)
		return err
	}, activity.RegisterOptions{Name: stepActivity})
	return running.Run(worker.InterruptCh())
}

// Baseline is a baseline that runs beside a platform, in its namespace and in its own database on
// the same server.
type Baseline struct {
	// Workflows is the number of workflows of each kind.
	Workflows int
	// Process is the worker.
	Process *servers.Process

	temporal client.Client
	run      string

	mu      sync.Mutex
	waiting map[string]chan struct{}
}

// Start starts the worker of both baselines, and the given number of workflows of each, numbered
// from 0.
func Start(ctx context.Context, p *platform.Platform, workflows int) (*Baseline, error) {
	f := &Baseline{
		Workflows: workflows, temporal: p.Temporal, run: uuid.NewString()[:8],
		waiting: map[string]chan struct{}{},
	}
	database, err := p.NewDatabase(ctx, "floor-"+f.run)
	if err != nil {
		return nil, err
	}
	if _, err := database.ExecContext(ctx, makeRows); err != nil {
		return nil, fmt.Errorf("making the floor's table: %w", err)
	}
	if f.Process, err = startWorker(p, database.URL); err != nil {
		return nil, err
	}
	p.Cleanup(f.Process.Stop)
	listening, cancel := context.WithCancel(ctx)
	p.Cleanup(cancel)
	listener := db.NewListener(func(c db.OrderChange) { f.notify(c.Message) }, func() {})
	go listener.Run(listening, database.URL)
	err = platform.Await(ctx, "the floor's notifications", func() (bool, error) {
		return listener.Connected(), nil
	})
	if err != nil {
		return nil, err
	}
	return f, load.Each(ctx, 16, 2*workflows, func(ctx context.Context, i int) error {
		kind := []Kind{Bare, Shown}[i%2]
		options := client.StartWorkflowOptions{
			ID: f.id(kind, i/2), TaskQueue: taskQueue, WorkflowTaskTimeout: 10 * time.Second,
		}
		if _, err := f.temporal.ExecuteWorkflow(ctx, options, taskQueue, kind); err != nil {
			return fmt.Errorf("starting a workflow of the floor: %w", err)
		}
		return nil
	})
}

func (f *Baseline) id(kind Kind, i int) string { return fmt.Sprintf("%s-%s-%d", kind, f.run, i) }

// Signal sends workflow i one more step and returns when the server has acknowledged it. The
// channel is closed when the row is written.
func (f *Baseline) Signal(ctx context.Context, kind Kind, i int) (<-chan struct{}, error) {
	id, done := uuid.NewString(), make(chan struct{})
	f.mu.Lock()
	f.waiting[id] = done
	f.mu.Unlock()
	if err := f.temporal.SignalWorkflow(ctx, f.id(kind, i), "", stepSignal, id); err != nil {
		return nil, fmt.Errorf("signalling the floor: %w", err)
	}
	return done, nil
}

// Step sends a step and waits for its row.
func (f *Baseline) Step(ctx context.Context, kind Kind, i int) error {
	written, err := f.Signal(ctx, kind, i)
	if err != nil {
		return err
	}
	return AwaitRow(ctx, written)
}

// AwaitRow waits until the row of a step is written.
func AwaitRow(ctx context.Context, written <-chan struct{}) error {
	select {
	case <-written:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for the floor's row: %w", ctx.Err())
	}
}

func (f *Baseline) notify(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if done, found := f.waiting[id]; found {
		close(done)
		delete(f.waiting, id)
	}
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
