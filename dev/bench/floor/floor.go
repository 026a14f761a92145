package floor

import (
	"context"
	"database/sql"
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
	temporal client.Client
	database *sql.DB
	drop     func()
	process  *servers.Process
	run      string

	stopListening context.CancelFunc
	mu            sync.Mutex
	waiting       map[string]chan struct{}
}

// Start starts the worker of both baselines.
func Start(ctx context.Context, p *platform.Platform) (_ *Baseline, err error) {
	f := &Baseline{temporal: p.Temporal, run: uuid.NewString()[:8], waiting: map[string]chan struct{}{}}
	defer func() {
		if err != nil {
			f.Stop()
		}
	}()
	url, drop, err := p.Servers.NewDatabase(ctx, "floor-"+f.run)
	if err != nil {
		return nil, err
	}
	f.drop = drop
	if f.database, err = sql.Open("pgx", url); err != nil {
		return nil, fmt.Errorf("reaching the floor's database: %w", err)
	}
	if _, err := f.database.ExecContext(ctx, makeRows); err != nil {
		return nil, fmt.Errorf("making the floor's table: %w", err)
	}
	if f.process, err = startWorker(ctx, p, url); err != nil {
		return nil, err
	}
	listening := make(chan struct{})
	once := sync.OnceFunc(func() { close(listening) })
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f.stopListening = cancel
	go db.NewListener(func(c db.OrderChange) { f.notify(c.Message) }, once).Run(background, url)
	select {
	case <-listening:
		return f, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Stop stops the worker and drops its database.
func (f *Baseline) Stop() {
	if f.stopListening != nil {
		f.stopListening()
	}
	if f.process != nil {
		f.process.Stop()
	}
	if f.database != nil {
		_ = f.database.Close()
	}
	if f.drop != nil {
		f.drop()
	}
}

// PID returns the process id of the worker.
func (f *Baseline) PID() int { return f.process.PID() }

// Database returns the database with the rows, in the table steps: id and the time of writing (at).
func (f *Baseline) Database() *sql.DB { return f.database }

// openConcurrency is how many workflows are started at a time.
const openConcurrency = 16

// Open starts the given number of workflows of the kind, numbered from 0.
func (f *Baseline) Open(ctx context.Context, kind Kind, workflows int) error {
	return load.Each(ctx, openConcurrency, workflows, func(ctx context.Context, i int) error {
		options := client.StartWorkflowOptions{ID: f.id(kind, i), TaskQueue: taskQueue, WorkflowTaskTimeout: 10 * time.Second}
		if _, err := f.temporal.ExecuteWorkflow(ctx, options, string(kind)); err != nil {
			return fmt.Errorf("starting a workflow of the floor: %w", err)
		}
		return nil
	})
}

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
