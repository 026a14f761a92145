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
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"epkr/db"
	"epkr/dev/bench/load"
	"epkr/dev/bench/platform"
	"epkr/dev/servers"
)

// Baseline is a baseline that runs beside a platform, in its namespace and in its own database on
// the same server.
type Baseline struct {
	// Workflows is the number of workflows of each kind.
	Workflows int

	temporal client.Client
	process  *servers.Process
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
	if f.process, err = startWorker(p, database.URL); err != nil {
		return nil, err
	}
	p.Cleanup(f.process.Stop)
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
	return f, load.Each(ctx, openConcurrency, 2*workflows, func(ctx context.Context, i int) error {
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

// PID returns the process id of the worker.
func (f *Baseline) PID() int { return f.process.PID() }

// openConcurrency is how many workflows are started at a time.
const openConcurrency = 16

func (f *Baseline) id(kind Kind, i int) string { return fmt.Sprintf("%s-%s-%d", kind, f.run, i) }

// Signal sends workflow i one more step and returns when the server has acknowledged it. The
// channel is closed when the row is written.
func (f *Baseline) Signal(ctx context.Context, kind Kind, i int) (written <-chan struct{}, err error) {
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
