package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"epkr/dev/browser"
	"epkr/dev/synthetic"
	"epkr/internal/config"
	"epkr/internal/workflowapi"
)

// simulatedRegistry is the simulator of АИС «Реестр СРО» and the local platform's Temporal, with
// which an operator starts a sync.
type simulatedRegistry struct {
	// url is the simulator's address without a trailing slash.
	url       string
	taskQueue string
	lookup    config.Lookup
	// world is created on first use, because that takes a while.
	world func() *synthetic.World
}

// worldSeed is the seed of the synthetic world, the default of the simulators.
const worldSeed = 1

func registryOf(env func(string) string) *simulatedRegistry {
	return &simulatedRegistry{
		url:       strings.TrimSuffix(cmp.Or(env("EPKR_REGISTRY_URL"), "http://127.0.0.1:8091"), "/"),
		taskQueue: cmp.Or(env("EPKR_TASK_QUEUE"), config.DefaultTaskQueue),
		lookup:    func(name string) (string, bool) { return env(name), env(name) != "" },
		world:     sync.OnceValue(func() *synthetic.World { return synthetic.New(worldSeed) }),
	}
}

// Drop removes the engineer from the snapshot.
func (s *simulatedRegistry) Drop(ctx context.Context, login string) (time.Time, error) {
	return s.change(ctx, "drop", login)
}

// Restore puts the engineer back.
func (s *simulatedRegistry) Restore(ctx context.Context, login string) (time.Time, error) {
	return s.change(ctx, "restore", login)
}

func (s *simulatedRegistry) change(ctx context.Context, verb, login string) (time.Time, error) {
	person, found := s.world().PersonByLogin(login)
	if !found {
		return time.Time{}, fmt.Errorf("нет человека %q", login)
	}
	var state struct {
		AsOf time.Time `json:"as_of"`
	}
	simulator := browser.Browser{URL: s.url, HTTP: http.DefaultClient}
	if err := simulator.Post(ctx, "/control/"+verb, map[string][]string{"snils": {person.SNILS}}, &state); err != nil {
		return time.Time{}, fmt.Errorf("имитатор реестра: %w", err)
	}
	return state.AsOf, nil
}

// Sync starts a sync run and waits for its report.
func (s *simulatedRegistry) Sync(ctx context.Context) error {
	options, err := config.TemporalOptions(s.lookup)
	if err != nil {
		return err
	}
	options.Logger = log.NewStructuredLogger(slog.New(slog.DiscardHandler))
	temporal, err := client.DialContext(ctx, options)
	if err != nil {
		return fmt.Errorf("нет связи с Temporal: %w", err)
	}
	defer temporal.Close()
	return runSync(ctx, temporal, s.taskQueue)
}

// runSync runs a sync outside the schedule; the scheduled run of the night then finds nothing new.
func runSync(ctx context.Context, temporal client.Client, taskQueue string) error {
	run, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflowapi.RegistrySchedule + "-demo-" + uuid.NewString(), TaskQueue: taskQueue, StaticSummary: "Демонстрация: загрузка реестра СРО",
	}, workflowapi.RegistrySyncWorkflow)
	if err != nil {
		return fmt.Errorf("загрузка реестра: %w", err)
	}
	var report workflowapi.RegistryReport
	if err := run.Get(ctx, &report); err != nil {
		return fmt.Errorf("загрузка реестра: %w", err)
	}
	if report.Verdict != workflowapi.VerdictCompleted {
		return fmt.Errorf("загрузка реестра: %s %s", report.Verdict, report.Reason)
	}
	return nil
}
