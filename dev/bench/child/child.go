// Package child runs the workflows that the platform is compared with in a process of their own, as the platform's run in theirs:
// this program once more, which then is a worker and nothing else.
//
// Its worker has the options and as many connections as the platform's. It knows no workflow itself.
package child

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"epkr/dev/bench/platform"
	"epkr/dev/servers"
	"epkr/internal/config"
	"epkr/workflows"
)

// Worker is what a child can be.
type Worker struct {
	// Name is also that of its task queue.
	Name string
	// Register makes its workflows known, and its activities, which write to the database.
	Register func(worker.Registry, *sql.DB)
}

// The child's environment.
const (
	nameVariable     = "EPKR_BENCH_CHILD"
	databaseVariable = "EPKR_BENCH_DATABASE_URL"
)

// Main is the worker that this process was started to be, until it is told to stop, and then ends the process. In any other process
// it returns at once. main calls it first.
func Main(all ...Worker) {
	name := os.Getenv(nameVariable)
	if name == "" {
		return
	}
	i := slices.IndexFunc(all, func(w Worker) bool { return w.Name == name })
	if i < 0 {
		slog.Error("no such child", "name", name)
		os.Exit(1)
	}
	if err := all[i].run(); err != nil {
		slog.Error("the child ends", "name", name, "error", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func (w Worker) run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	connection, err := config.TemporalOptions(os.LookupEnv)
	if err != nil {
		return err
	}
	connection.Logger = log.NewStructuredLogger(slog.Default())
	temporal, err := client.DialContext(ctx, connection)
	if err != nil {
		return fmt.Errorf("reaching Temporal: %w", err)
	}
	defer temporal.Close()
	database, err := sql.Open("pgx", os.Getenv(databaseVariable))
	if err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	defer database.Close()
	database.SetMaxOpenConns(connections())
	database.SetMaxIdleConns(connections())
	options := workflows.Options()
	options.Interceptors = nil // the platform's own
	running := worker.New(temporal, w.Name, options)
	w.Register(running, database)
	if err := running.Start(); err != nil {
		return fmt.Errorf("starting the worker: %w", err)
	}
	defer running.Stop()
	<-ctx.Done()
	return nil
}

// connections are as many as the platform's pool takes by itself.
func connections() int { return max(4, runtime.NumCPU()) }

const startLimit = time.Minute

// Start starts a child beside the platform, in its namespace, on the given database. It returns when the child polls.
func Start(ctx context.Context, p *platform.Platform, name, databaseURL string) (*servers.Process, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program: %w", err)
	}
	process, err := servers.Launch(servers.Command{
		Name: name, Path: program, Dir: p.Folder, Log: filepath.Join(p.Folder, "log", p.Name+"."+name+".log"),
		Env: append(os.Environ(), nameVariable+"="+name, databaseVariable+"="+databaseURL,
			"TEMPORAL_ADDRESS="+p.TemporalAddress, "TEMPORAL_NAMESPACE="+p.Name),
	})
	if err != nil {
		return nil, err
	}
	err = process.AwaitReady(ctx, startLimit, func(ctx context.Context) error {
		queue, err := p.Temporal.DescribeTaskQueue(ctx, name, enumspb.TASK_QUEUE_TYPE_WORKFLOW)
		if err == nil && len(queue.GetPollers()) == 0 {
			err = fmt.Errorf("%s does not poll yet", name)
		}
		return err
	})
	if err != nil {
		process.Stop()
		return nil, err
	}
	return process, nil
}
