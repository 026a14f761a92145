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

// Floor is one that runs beside a platform, in its namespace and in a database of its own on the same server.
type Floor struct {
	temporal client.Client
	database *sql.DB
	drop     func()
	process  *servers.Process
	run      string

	stopListening context.CancelFunc
	mu            sync.Mutex
	waiting       map[string]chan struct{}
}

// Start starts both floors.
func Start(ctx context.Context, p *platform.Platform) (_ *Floor, err error) {
	f := &Floor{temporal: p.Temporal, run: uuid.NewString()[:8], waiting: map[string]chan struct{}{}}
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
	go db.NewListener(func(c db.Changed) { f.ring(c.Message) }, once).Run(background, url)
	select {
	case <-listening:
		return f, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Stop ends the floors and drops their database.
func (f *Floor) Stop() {
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

// PID is the floors' process.
func (f *Floor) PID() int { return f.process.PID() }

// Database holds the rows, in the table steps: id and when it was written (at).
func (f *Floor) Database() *sql.DB { return f.database }

// openedAbreast are how many workflows are being started at a time.
const openedAbreast = 16

// Open starts so many workflows of the kind; they are known by their numbers from 0.
func (f *Floor) Open(ctx context.Context, kind Kind, workflows int) error {
	return load.Each(ctx, openedAbreast, workflows, func(ctx context.Context, i int) error {
		options := client.StartWorkflowOptions{ID: f.id(kind, i), TaskQueue: taskQueue, WorkflowTaskTimeout: 10 * time.Second}
		if _, err := f.temporal.ExecuteWorkflow(ctx, options, string(kind)); err != nil {
			return fmt.Errorf("starting a workflow of the floor: %w", err)
		}
		return nil
	})
}

func (f *Floor) id(kind Kind, i int) string { return fmt.Sprintf("%s-%s-%d", kind, f.run, i) }

// Signal gives workflow i one more step and returns when the server has acknowledged that. The channel is closed when the row is
// written.
func (f *Floor) Signal(ctx context.Context, kind Kind, i int) (written <-chan struct{}, err error) {
	id, done := uuid.NewString(), make(chan struct{})
	f.mu.Lock()
	f.waiting[id] = done
	f.mu.Unlock()
	if err := f.temporal.SignalWorkflow(ctx, f.id(kind, i), "", stepSignal, id); err != nil {
		return nil, fmt.Errorf("signalling the floor: %w", err)
	}
	return done, nil
}

// Step is a signal and its row.
func (f *Floor) Step(ctx context.Context, kind Kind, i int) error {
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

func (f *Floor) ring(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if done, found := f.waiting[id]; found {
		close(done)
		delete(f.waiting, id)
	}
}
