// Command worker runs the workflows and activities of the platform. At start it migrates the
// database and registers the search attributes and schedules. It takes work until it receives a
// stop signal, then finishes the tasks in progress.
//
// It also has operators' commands, listed by `worker help`: `migrate` and `promote` for a roll-out,
// `order` for an order whose workflow is lost, `registry` for the nightly sync of the registry,
// `verify` to compare the read model with the workflows.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"epkr/activities"
	documentactivities "epkr/activities/documents"
	engineeractivities "epkr/activities/engineers"
	"epkr/activities/failure"
	fileactivities "epkr/activities/files"
	goskeyactivities "epkr/activities/goskey"
	orderactivities "epkr/activities/orders"
	registryactivities "epkr/activities/registry"
	"epkr/db"
	"epkr/db/signing"
	"epkr/internal/commandline"
	"epkr/internal/config"
	"epkr/internal/document/generated"
	"epkr/internal/health"
	"epkr/internal/registry"
	"epkr/internal/storage"
	"epkr/internal/trust"
	"epkr/internal/workflowapi"
	"epkr/workflows"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	failed, err := commands().ExecuteContextC(ctx)
	stop()
	if err != nil {
		reportError(os.Stderr, failed, err)
		os.Exit(1)
	}
}

// reportError reports why the program ends: a command writes it to the terminal, the worker to its
// log.
func reportError(terminal io.Writer, failed *cobra.Command, err error) {
	var wrong commandline.UsageError
	if failed.HasParent() || errors.As(err, &wrong) {
		commandline.PrintError(terminal, failed, err)
		return
	}
	slog.Error("the worker ends", "error", err)
}

func dial(ctx context.Context, options client.Options) (client.Client, error) {
	temporal, err := client.DialContext(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("reaching Temporal: %w", err)
	}
	return temporal, nil
}

// dialWithRetry connects to Temporal and retries while the server starts, as after an outage.
func dialWithRetry(ctx context.Context, options client.Options) (temporal client.Client, err error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	err = retry(ctx, "reaching Temporal", func() error {
		temporal, err = client.DialContext(ctx, options)
		return err
	})
	return temporal, err
}

// startTimeout limits how long the worker waits for each server at its start.
const startTimeout = 2 * time.Minute

func run(ctx context.Context, settings config.Worker, temporal client.Client) error {
	if err := prepare(ctx, settings, temporal); err != nil {
		return err
	}
	store, err := db.Open(ctx, settings.Database.Reveal())
	if err != nil {
		return err
	}
	defer store.Close()
	if settings.Environment == config.Production {
		if err := store.CheckNotOwner(ctx); err != nil {
			return err
		}
	}
	files, err := storage.New(settings.Storage)
	if err != nil {
		return fmt.Errorf("opening the file store: %w", err)
	}
	documents, err := generated.NewMaker()
	if err != nil {
		return err
	}
	worker.SetStickyWorkflowCacheSize(workflowCacheSize)
	w := worker.New(temporal, settings.TaskQueue, workerOptions(settings.BuildID))
	workflows.Register(w)
	inGoskey, err := goskeyActivities(settings, store, files, temporal)
	if err != nil {
		return err
	}
	activities.Register(w, activities.Set{
		Orders:    orderactivities.New(store, files, time.Now),
		Files:     fileactivities.New(store, files, time.Now),
		Documents: documentactivities.New(store, files, documents, time.Now),
		Goskey:    inGoskey,
		Engineers: engineeractivities.New(store, temporal, time.Now),
		Registry:  registryActivities(settings, store, files, temporal),
	})
	if err := w.Start(); err != nil {
		return fmt.Errorf("starting the worker: %w", err)
	}
	defer w.Stop()
	watch := &registryWatch{
		store: store, temporal: temporal, id: workflowapi.RegistrySchedule, queue: settings.TaskQueue, at: settings.Registry.Schedule,
		now: time.Now,
	}
	if err := prometheus.Register(watch); err != nil {
		return fmt.Errorf("registering the registry's metrics: %w", err)
	}
	go watch.run(ctx)
	go (&haltedWatch{store, temporal}).run(ctx)
	used := map[string]func(context.Context) error{
		"database": store.Ping, "storage": files.Ping, "temporal": health.Temporal(temporal),
	}
	if settings.Trust != nil {
		used["trust"] = settings.Trust.Check
		go settings.Trust.Run(ctx, slog.Default(), time.Tick(trust.Interval))
	}
	systems := health.New(slog.Default(), used)
	if err := prometheus.Register(systems); err != nil {
		return fmt.Errorf("registering the systems' metrics: %w", err)
	}
	go systems.Run(ctx)
	ready := readiness{systems: systems, registry: watch}
	if settings.BuildID != "" {
		ready.build = newBuildWatch(temporal, settings.BuildID)
		go ready.build.run(ctx)
	}
	slog.Info("the worker is up", "taskQueue", settings.TaskQueue, "build", settings.BuildID)
	return serveHealth(ctx, settings.HealthListen, ready)
}

func registryActivities(settings config.Worker, store *db.Store, files *storage.Store, temporal client.Client) *registryactivities.Activities {
	return registryactivities.New(store, files, temporal, registryactivities.Settings{
		URL: settings.Registry.URL, LossLimit: settings.Registry.LossLimit, Limits: registry.DefaultLimits(),
	}, time.Now)
}

// goskeyActivities returns the activities of «Госключ»; nil if it is not configured.
func goskeyActivities(settings config.Worker, store *db.Store, files *storage.Store, temporal client.Client) (*goskeyactivities.Activities, error) {
	if !settings.Goskey.IsEnabled() {
		return nil, nil //nolint:nilnil // nothing is registered
	}
	epgu, err := settings.Goskey.Client()
	if err != nil {
		return nil, fmt.Errorf("preparing «Госключ»: %w", err)
	}
	return goskeyactivities.New(goskeyactivities.Settings{
		Store: store, Files: files, Goskey: epgu, Signatures: signing.New(store, files, settings.Trust), Workflows: temporal, Now: time.Now,
		PublicURL: settings.PublicURL, TaskQueue: settings.TaskQueue, PollPause: settings.Goskey.PollPause,
	}), nil
}

// prepare migrates the schema and registers the search attributes and the schedules. It retries
// until startTimeout, because the servers may still be starting.
func prepare(ctx context.Context, settings config.Worker, temporal client.Client) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	namespace := cmp.Or(settings.Temporal.Options().Namespace, client.DefaultNamespace)
	return errors.Join(
		retry(ctx, "migrating the database", func() error { return migrate(ctx, settings) }),
		retry(ctx, "registering the search attributes", func() error {
			return workflowapi.EnsureAttributes(ctx, temporal, namespace)
		}),
		retry(ctx, "scheduling the sweep of abandoned files", func() error {
			return workflowapi.EnsureSweep(ctx, temporal, settings.TaskQueue)
		}),
		retry(ctx, "scheduling the registry's nightly reading", func() error {
			return workflowapi.EnsureRegistrySchedule(ctx, temporal, workflowapi.RegistrySchedule, settings.TaskQueue, settings.Registry.Schedule)
		}),
	)
}

// migrate brings the schema up to date as the role that owns it. In production the worker's own
// role owns nothing: without EPKR_MIGRATION_DATABASE_URL it only checks that the schema is current,
// and the caller retries until `worker migrate` has run.
func migrate(ctx context.Context, settings config.Worker) error {
	address := settings.Migration
	if address == "" && settings.Environment == config.Production {
		return awaitSchema(ctx, settings.Database.Reveal())
	}
	if address == "" {
		address = settings.Database
	}
	return db.Migrate(ctx, address.Reveal())
}

var errOldSchema = errors.New("the schema is older than this build: run `worker migrate` with EPKR_MIGRATION_DATABASE_URL")

func awaitSchema(ctx context.Context, address string) error {
	store, err := db.Open(ctx, address)
	if err != nil {
		return err
	}
	defer store.Close()
	current, err := store.SchemaIsCurrent(ctx)
	if err == nil && !current {
		return errOldSchema
	}
	return err
}

func retry(ctx context.Context, what string, do func() error) error {
	for {
		err := do()
		if err == nil {
			return nil
		}
		slog.Warn("not yet: "+what, "error", err)
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, err)
		case <-time.After(2 * time.Second):
		}
	}
}

// stopGrace is how long the running tasks may take after the stop signal.
const stopGrace = 20 * time.Second

// workflowCacheSize is how many orders a worker caches in memory, about 60 kB each; the least
// recently used are evicted. An evicted order is replayed from its history when it gets its next
// message, which takes some milliseconds.
const workflowCacheSize = 1000

func workerOptions(buildID string) worker.Options {
	options := workflows.Options()
	options.WorkerStopTimeout = stopGrace
	options.Interceptors = append(options.Interceptors, &failure.HideValues{})
	options.DeploymentOptions = deployment(buildID)
	return options
}
