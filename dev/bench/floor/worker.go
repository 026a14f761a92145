package floor

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
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

// taskQueue is also the name of the process.
const taskQueue = "floor"

// databaseVariable makes this program the baselines' worker; see [Main].
const databaseVariable = "EPKR_BENCH_FLOOR_DATABASE_URL"

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
	register(running, database)
	return running.Run(worker.InterruptCh())
}

// startWorker starts this program once more beside the platform and returns when it polls.
func startWorker(ctx context.Context, p *platform.Platform, databaseURL string) (*servers.Process, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program: %w", err)
	}
	return servers.Command{
		Name: taskQueue, Path: program, Log: filepath.Join(p.Folder, "log", p.Name, "floor.log"),
		Env: append(os.Environ(), databaseVariable+"="+databaseURL,
			"TEMPORAL_ADDRESS="+p.TemporalAddress, "TEMPORAL_NAMESPACE="+p.Name),
		Ready: func(ctx context.Context) error {
			const workflows = enumspb.TASK_QUEUE_TYPE_WORKFLOW
			queue, err := p.Temporal.DescribeTaskQueue(ctx, taskQueue, workflows)
			if err == nil && len(queue.GetPollers()) == 0 {
				err = errors.New("it does not poll yet")
			}
			return err
		},
		Limit: time.Minute,
	}.Start(ctx)
}
